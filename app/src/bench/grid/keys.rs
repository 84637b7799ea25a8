//! The keys of a grid: what is pressed where. Where they lead is in `moves`.

use super::view::Column;
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

/// A key that the grid answers, and the cell that it was pressed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bench) struct Press {
    pub key: String,
    pub shift: bool,
    /// Ctrl, or Cmd on a Mac.
    pub command: bool,
    pub place: usize,
    pub cell: usize,
    /// Whether the cell itself has the focus, not a button in it.
    pub on_cell: bool,
}

/// Answers a key.
pub(super) fn press(column: Column, event: KeyboardEvent) {
    let Some((place, cell, on_cell)) = event.target().and_then(cell_of) else { return };
    let (key, command) = (event.key(), event.ctrl_key() || event.meta_key());
    let answered = match key.as_str() {
        "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home" | "End" | "PageUp" | "PageDown" => true,
        "Enter" | "F2" | "Delete" | " " => on_cell && !command,
        "a" => on_cell && command,
        "Escape" => !on_cell,
        _ => false,
    };
    if !answered || event.alt_key() {
        return;
    }
    event.prevent_default();
    let press = Press { key, shift: event.shift_key(), command, place, cell, on_cell };
    column.with_lazy(move |lazy| (lazy.press)(column, press));
}

/// The cell that the focus came into is the one that Tab comes back to. What answers the keys is fetched before one is
/// pressed.
pub(super) fn arrive(column: Column, target: Option<EventTarget>) {
    column.fetch_ahead();
    if let Some((place, cell, _)) = target.and_then(cell_of)
        && column.active.get_untracked() != (place, cell)
    {
        column.active.set((place, cell));
    }
}

/// Row and cell of an element in the grid's body, unless something is typed there.
fn cell_of(target: EventTarget) -> Option<(usize, usize, bool)> {
    let element: Element = target.dyn_into().ok()?;
    let cell = element.closest("th, td").ok()??;
    let row = cell.parent_element()?;
    let place = row.get_attribute("aria-rowindex")?.parse::<usize>().ok()?.checked_sub(2)?;
    let cells = row.children();
    let at = (0..cells.length()).find(|at| cells.item(*at).as_ref() == Some(&cell))?;
    let typing = element.closest("form").ok()?.is_some();
    (!typing).then_some((place, at as usize, element == cell))
}
