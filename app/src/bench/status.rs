//! The line that says what was done, with the buttons that take it back and do it again.

use super::state::Bench;
use crate::ui::{flag, handler};
use leptos::{prelude::*, task::spawn_local};

/// The line. `offer` stands between the words and the buttons.
pub(super) fn status(bench: Bench, offer: AnyView) -> AnyView {
    view! {
        <div class="status-bar" class:on=flag(move || !bench.status.read().is_empty())>
            <p role="status">{bench.status.text()}</p>
            {offer}
            <div class="buttons">
                <button
                    type="button"
                    hidden=flag(move || !bench.history.can_undo())
                    on:click=handler(move |_| spawn_local(bench.undo()))
                >
                    "Undo"
                </button>
                <button
                    type="button"
                    hidden=flag(move || !bench.history.can_redo())
                    on:click=handler(move |_| spawn_local(bench.redo()))
                >
                    "Redo"
                </button>
            </div>
        </div>
    }
    .into_any()
}
