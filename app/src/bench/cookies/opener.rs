//! Where the form opens, and the button that it was opened from.

use crate::{
    bench::{
        state::Bench,
        tools::{Part, fetched},
    },
    browser::{Entry, Store},
    ui::{changing, effect},
};
use leptos::{prelude::*, task::spawn_local};

/// The id of the button that opened the form.
pub(in crate::bench) fn button_id(entry: Option<&Entry>) -> String {
    match entry {
        Some(entry) => format!("attributes-{}", entry.key().replace(' ', "_")),
        None => "menu-cookies".to_owned(),
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
