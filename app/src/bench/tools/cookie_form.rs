//! Where the form for cookies with attributes opens.

use super::{fetched::fetched, panel::Panel, panels::Panels};
use crate::ui::changing;
use leptos::prelude::*;

/// The place. It is made anew when another cookie is asked for.
pub(in crate::bench) fn cookie_form(panels: Panels) -> AnyView {
    view! {
        {changing(move || panels.cookie_form.read().is_some().then(|| view! {
            <section class="card cookie-form c-cookies" aria-labelledby="cookie-form-heading">
                <h2 id="cookie-form-heading">"Cookie with attributes"</h2>
                {fetched(Panel::CookieForm, panels)}
            </section>
        }.into_any()))}
    }
    .into_any()
}
