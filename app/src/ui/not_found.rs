//! The page for an address that is none of the lab's.

use super::Title;
use leptos::prelude::*;

/// Says so, with status 404.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found" />
        <div class="narrow">
            <h1>"There is nothing here"</h1>
            <p>
                "The address may be mistyped. The " <a href="/">"bench"</a> " is where everything starts."
            </p>
        </div>
    }
}
