//! The way into the form: the button in the column, the one in an entry's row, and the place where it opens.

use crate::{
    bench::{
        state::{Bench, CookieForm},
        tools::{Part, fetched},
    },
    browser::{Entry, Store, is_lab_name},
    ui::{changing, effect, flag, handler},
};
use leptos::{prelude::*, task::spawn_local};

/// The button that opens the form for a new cookie.
pub(in crate::bench) fn open_button(bench: Bench) -> AnyView {
    view! {
        <button type="button" id=button_id(None) on:click=handler(move |_| bench.cookie_form.set(Some(CookieForm::Empty)))>
            "Cookie with attributes"
        </button>
    }
    .into_any()
}

/// The button that opens the form for a cookie of the lab, among the others of its row.
pub(in crate::bench) fn edit_button(
    bench: Bench,
    entry: Signal<Entry>,
    tabindex: Signal<String>,
    hidden: Signal<bool>,
) -> AnyView {
    let first = entry.get_untracked();
    view! {
        <button
            type="button"
            class="quiet"
            id=button_id(Some(&first))
            aria-label=format!("Edit attributes of {}", first.name)
            tabindex=tabindex
            hidden=flag(move || hidden.get() || !is_lab_name(&entry.read().name))
            on:click=handler(move |_| bench.cookie_form.set(Some(CookieForm::Of(Box::new(entry.get_untracked())))))
        >
            "Attributes"
        </button>
    }
    .into_any()
}

/// The id of the button that opened the form.
pub(super) fn button_id(entry: Option<&Entry>) -> String {
    match entry {
        Some(entry) => format!("attributes-{}", entry.key().replace(' ', "_")),
        None => "attributes".to_owned(),
    }
}

/// Where the form opens. It is made anew when another cookie is asked for.
pub(in crate::bench) fn place(bench: Bench) -> AnyView {
    effect(move || {
        bench.ticks.track();
        if bench.a_cookie_ended() {
            spawn_local(bench.look_again(Store::Cookies));
        }
    });
    view! {
        {changing(move || bench.cookie_form.read().is_some().then(|| view! {
            <section class="card cookie-form c-cookies" aria-labelledby="cookie-form-heading">
                <h2 id="cookie-form-heading">"Cookie with attributes"</h2>
                {fetched(Part::CookieForm, bench)}
            </section>
        }.into_any()))}
    }
    .into_any()
}
