//! The filter that all columns share.

use super::view::View;
use crate::ui::{aria, changing, flag, handler, text};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
};

/// The id of its field.
pub(in crate::bench) const FIELD: &str = "filter";

/// The toolbar above the columns.
pub(in crate::bench) fn search(view: View) -> AnyView {
    let facets = RwSignal::new(None::<fn(View) -> AnyView>);
    let more = move |_| {
        if facets.get_untracked().is_some() {
            return facets.set(None);
        }
        view.column(crate::browser::Store::Cookies).with_lazy(move |lazy| facets.set(Some(lazy.facets)));
    };
    let give_up = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !view.typed.read_untracked().is_empty() {
            event.prevent_default();
            view.typed.set(String::new());
            view.follow(false);
        }
    };
    view! {
        <form
            class="search needs-script"
            role="search"
            aria-label="Filter entries"
            on:submit=handler(move |event: SubmitEvent| event.prevent_default())
        >
            <label for=FIELD>"Filter"</label>
            <input
                id=FIELD
                type="search"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                bind:value=view.typed
                on:input=handler(move |_| view.follow(true))
                on:keydown=handler(give_up)
            />
            <p class="hint">{text(move || view.count())}</p>
            <button
                type="button"
                class="quiet"
                aria-expanded=aria(move || facets.get().is_some())
                aria-controls="facets"
                on:click=handler(more)
            >
                "Facets"
            </button>
            <button type="button" class="quiet" aria-haspopup="dialog" on:click=handler(move |_| view.panels.keys_listed.set(true))>
                "Keys"
            </button>
            <div id="facets" hidden=flag(move || facets.get().is_none())>
                {changing(move || facets.get().map(|facets| facets(view)))}
            </div>
        </form>
    }
    .into_any()
}
