//! Answers the keys that work wherever the focus is.

use super::{KEY, OFF};
use crate::{
    bench::grid::{FILTER_FIELD, Grid},
    ui::focus_now,
};
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
    task::spawn_local,
};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Where something is typed or chosen, the keys belong to the field.
const FIELDS: &str = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog";

/// Listens as long as the bench is there.
pub(in crate::bench) fn listen(grid: Grid) {
    let handle = window_event_listener(ev::keydown, move |event| answer(grid, &event));
    on_cleanup(move || handle.remove());
}

fn answer(grid: Grid, event: &KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let in_field = target.and_then(|target| target.closest(FIELDS).ok().flatten()).is_some();
    if in_field || event.default_prevented() || event.alt_key() {
        return;
    }
    let command = event.ctrl_key() || event.meta_key();
    if !command && are_off() {
        return;
    }
    let bench = grid.bench;
    let history = bench.history;
    let go_to = |id: &str| {
        focus_now(&format!("#{id}"));
    };
    match (event.key().to_ascii_lowercase().as_str(), command) {
        ("z", true) if event.shift_key() => spawn_local(history.redo(bench)),
        ("z", _) => spawn_local(history.undo(bench)),
        ("y", _) => spawn_local(history.redo(bench)),
        ("/", false) => go_to(FILTER_FIELD),
        ("n", false) => go_to("deposit-name"),
        ("?", false) => grid.keys_listed.set(true),
        _ => return,
    }
    event.prevent_default();
}

fn are_off() -> bool {
    let area = window().local_storage().ok().flatten();
    area.and_then(|area| area.get_item(KEY).ok().flatten()).is_some_and(|value| value == OFF)
}
