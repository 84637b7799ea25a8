//! Answers the keys that work wherever the focus is.

use super::setting::are_off;
use crate::{
    bench::state::Bench,
    reactive::State,
    ui::{focus_now, on_window},
};
use leptos::{ev::KeyboardEvent, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Where something is typed or chosen, the keys belong to the field.
const FIELDS: &str = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog";

/// Listens as long as the bench is there. `/` leads to the field of this id, and `?` opens the list.
pub(in crate::bench) fn listen(bench: Bench, filter_field: &'static str, listed: State<bool>) {
    on_window("keydown", move |event| {
        if let Some(event) = event.dyn_ref() {
            answer(bench, filter_field, listed, event);
        }
    });
}

fn answer(bench: Bench, filter_field: &str, listed: State<bool>, event: &KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let in_field = target.and_then(|target| target.closest(FIELDS).ok().flatten()).is_some();
    if in_field || event.default_prevented() || event.alt_key() {
        return;
    }
    let command = event.ctrl_key() || event.meta_key();
    if !command && are_off() {
        return;
    }
    let go_to = |id: &str| {
        focus_now(&format!("#{id}"));
    };
    match (event.key().to_ascii_lowercase().as_str(), command) {
        ("z", true) if event.shift_key() => spawn_local(bench.redo()),
        ("z", _) => spawn_local(bench.undo()),
        ("y", _) => spawn_local(bench.redo()),
        ("/", false) => go_to(filter_field),
        ("n", false) => go_to("deposit-name"),
        ("?", false) => listed.set(true),
        _ => return,
    }
    event.prevent_default();
}
