//! The way from a line that speaks of an entry to its row.

use super::state::Bench;
use crate::{
    browser::Store,
    text::{label, told},
    ui::handler,
};
use leptos::prelude::*;

/// The button that leads to an entry's row.
pub(super) fn show_button(bench: Bench, store: Store, name: &str) -> AnyView {
    let label = format!("Show {}", label(name));
    let name = name.to_owned();
    view! {
        <button type="button" class="quiet show" aria-label=label on:click=handler(move |_| point_at(bench, store, &name))>
            "Show"
        </button>
    }
    .into_any()
}

/// Asks for the row of a name; says so where there is none. Another store's entry of that name stands in the same row.
fn point_at(bench: Bench, store: Store, name: &str) {
    let holds =
        |store: &Store| bench.entries(*store).with_untracked(|entries| entries.iter().any(|entry| entry.name == name));
    match bench.columns.read_untracked().iter().any(holds) {
        true => bench.pointed.set(Some((store, name.to_owned()))),
        false => bench.status.set(format!("{} is in no store that is shown.", told(name))),
    }
}
