//! A button that copies a text.

use super::events::Survival;
use crate::ui::handler;
use leptos::prelude::*;

/// A button that copies a text.
pub(super) fn copy(what: Memo<String>, title: &'static str, survival: Survival) -> AnyView {
    let copy = move |_| {
        // Elsewhere there is no clipboard for scripts; the text can be marked and copied by hand.
        if window().is_secure_context() {
            let _ = window().navigator().clipboard().write_text(&what.read_untracked());
            survival.bench.status.set("Copied.".into());
        }
    };
    view! {
        <button type="button" on:click=handler(copy)>
            {title}
        </button>
    }
    .into_any()
}
