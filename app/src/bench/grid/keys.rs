//! What happened to which cell: events of the table in its own words. What is done about them is in `act` and `moves`.

use super::{
    action::{Action, Press},
    editing::{ESCAPES, FIELD},
    menu,
    state::{Grid, HEADS},
};
use crate::{bench::cookies::CookieForm, browser::Store, text::units::kept};
use leptos::{
    ev::{FocusEvent, KeyboardEvent, MouseEvent, SubmitEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

fn element_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn closest(element: &Element, selector: &str, attribute: &str) -> Option<String> {
    element.closest(selector).ok()??.get_attribute(attribute)
}

/// Answers a click on one of the buttons.
pub(super) fn click(grid: Grid, event: MouseEvent) {
    let Some(element) = element_of(&event) else { return };
    let Some(button) = element.closest("[data-do]").ok().flatten() else { return };
    let key = closest(&button, "[data-key]", "data-key");
    let store = closest(&button, "[data-store]", "data-store").and_then(|slug| Store::of(&slug));
    let action = match (button.get_attribute("data-do").unwrap_or_default().as_str(), key, store) {
        ("facts", ..) => return grid.turn_facts(),
        ("menu", _, Some(store)) => return menu::open(grid, store, button, event.detail() == 0),
        ("cancel", ..) => return grid.with_lazy(move |lazy| (lazy.act)(grid, Action::Cancel)),
        // The box is ticked already: the table has to know at once.
        ("tick", Some(key), _) => {
            let place = grid.shown.with_untracked(|shown| shown.place_of(&key));
            return place.into_iter().for_each(|place| grid.tick(place, event.shift_key()));
        }
        // What opens here says itself when it cannot be fetched.
        ("inspect", Some(key), _) => {
            return grid.with_row(&key, |row| grid.bench.inspected.set(Some(row.name().to_owned())));
        }
        ("edit", Some(key), Some(store)) => Action::Edit { key, store, from_cell: false },
        ("attributes", Some(key), _) => {
            return grid.with_row(&key, |row| {
                if let Some(entry) = row.entry(Store::Cookies) {
                    grid.panels.cookie_form.set(Some(CookieForm::Of(Box::new(entry.clone()))));
                }
            });
        }
        ("put", Some(key), store) => Action::Put { key, store },
        ("delete", Some(key), store) => Action::Delete { key, store },
        _ => return,
    };
    grid.with_lazy(move |lazy| (lazy.act)(grid, action));
}

/// Saves what was typed into a cell.
pub(super) fn submit(grid: Grid, event: SubmitEvent) {
    event.prevent_default();
    let input = |id| document().get_element_by_id(id)?.dyn_into::<HtmlInputElement>().ok();
    let (Some(field), Some(escapes)) = (input(FIELD), input(ESCAPES)) else { return };
    grid.with_lazy(move |lazy| {
        (lazy.act)(grid, Action::Save { value: kept(field.value()), escapes: escapes.checked() });
    });
}

/// Answers a key.
pub(super) fn press(grid: Grid, event: KeyboardEvent) {
    let Some(element) = element_of(&event) else { return };
    if event.key() == "Escape" && element.id() == FIELD {
        return grid.with_lazy(move |lazy| (lazy.act)(grid, Action::Cancel));
    }
    let Some((place, cell, on_cell)) = cell_of(&element) else { return };
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
    let press = Press { key, shift: event.shift_key(), command, place, cell };
    grid.with_lazy(move |lazy| (lazy.press)(grid, press));
}

/// The cell that the focus came into is the one that Tab comes back to. What answers the keys is fetched before one is
/// pressed.
pub(super) fn arrive(grid: Grid, event: FocusEvent) {
    grid.fetch_ahead();
    if let Some((place, cell, _)) = element_of(&event).and_then(|element| cell_of(&element))
        && grid.active.get_untracked() != (place, cell)
    {
        grid.active.set((place, cell));
    }
}

/// Row and cell of an element among the entries, and whether it is the cell itself; `None` where something is typed.
fn cell_of(element: &Element) -> Option<(usize, usize, bool)> {
    let cell = element.closest("th, td").ok()??;
    let row = cell.parent_element()?;
    let place = row.get_attribute("aria-rowindex")?.parse::<usize>().ok()?.checked_sub(HEADS + 1)?;
    let cells = row.children();
    let at = (0..cells.length()).find(|at| cells.item(*at).as_ref() == Some(&cell))?;
    let typing = element.closest("form").ok()?.is_some();
    (!typing).then_some((place, at as usize, element == &cell))
}
