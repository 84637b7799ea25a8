//! The list of keys.

use super::setting::{are_off, switch};
use crate::{bench::state::Bench, ui::handler};
use leptos::{ev::Event, prelude::*};

const ANYWHERE: [(&str, &str); 5] = [
    ("/", "to the filter"),
    ("n", "to the name of a new value"),
    ("z, Ctrl+Z", "undo"),
    ("y, Ctrl+Y, Ctrl+Shift+Z", "redo"),
    ("?", "this list"),
];

const IN_ENTRIES: [(&str, &str); 9] = [
    ("Arrow keys", "to the next cell"),
    ("Home, End", "to the first and the last cell of the row"),
    ("Ctrl+Home, Ctrl+End", "to the first and the last name"),
    ("Page Up, Page Down", "ten names up or down"),
    ("Enter, F2", "edit the value, or put it where it is missing; in the last cell Enter goes to its buttons"),
    ("Escape", "give up editing; from a button back to its cell"),
    ("Delete", "delete the entry of a store; in the first and the last cell everywhere, or all that are selected"),
    ("Space, Shift+Space", "select the name; all from the last one to it"),
    ("Shift+Arrow Up or Down, Ctrl+A", "select more; select all shown"),
];

/// The panel.
pub(in crate::bench) fn panel(bench: Bench) -> AnyView {
    let turn = move |event: Event| switch(bench, event_target_checked(&event));
    view! {
        {list("Anywhere but in a field", &ANYWHERE)}
        {list("In the table", &IN_ENTRIES)}
        <label class="check">
            <input type="checkbox" role="switch" checked=!are_off() on:change=handler(turn) />
            "Keys without Ctrl"
        </label>
    }
    .into_any()
}

fn list(heading: &'static str, keys: &'static [(&str, &str)]) -> AnyView {
    let key = |(key, what): &'static (&str, &str)| {
        view! {
            <dt>
                <kbd>{*key}</kbd>
            </dt>
            <dd>{*what}</dd>
        }
    };
    view! {
        <h3>{heading}</h3>
        <dl class="facts">{keys.iter().map(key).collect_view()}</dl>
    }
    .into_any()
}
