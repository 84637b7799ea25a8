//! The document around the app.

mod files;
mod scripts;

pub use self::{files::Files, scripts::SCRIPTS};
use crate::{
    accounts::logged_in,
    app::body,
    json::{DOCKED_IN, LOGGED_IN, OBSERVATION, data_block},
    pages,
    request::DockedIn,
    sessions::first_observation,
};
use http::request::Parts;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

/// The whole HTML document, made on the server only. `has_app` says whether this server is in front of an app of the operator's.
pub fn shell(files: &Files, has_app: bool, live_reload: Option<LeptosOptions>) -> impl IntoView + use<> {
    provide_meta_context();
    let request = use_context::<Parts>();
    let path = request.as_ref().map(|request| request.uri.path().to_owned()).unwrap_or_default();
    let docked_in = request.and_then(|request| Some(request.extensions.get::<DockedIn>()?.0.clone()));
    let is_dock = path == pages::DOCK;
    let user = logged_in();
    let is_live = user.is_some() || pages::is_live(&path);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta
                    name="description"
                    content="See where the web keeps things: cookies, sessionStorage, localStorage and a server session, side by side."
                />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <script data-live=is_live>{SCRIPTS.as_str()}</script>
                <noscript>
                    <link rel="stylesheet" href="/noscript.css" />
                </noscript>
                {data_block(LOGGED_IN, user)}
                {data_block(OBSERVATION, first_observation())}
                {data_block(DOCKED_IN, docked_in)}
                {live_reload.map(|options| view! { <AutoReload options /> })}
                <link id="style" rel="stylesheet" href=files.style.clone() />
                {files::links(files, pages::chunk(&path))}
                <MetaTags />
            </head>
            <body>
                {body(&path)}
                {(has_app && !is_dock).then(app_in_front)}
            </body>
        </html>
    }
}

/// The ways to what this server tells of the app it is in front of. Behind the app that hydrates the page, which has no part in it:
/// few visitors pay for it.
fn app_in_front() -> impl IntoView {
    view! {
        <nav aria-label="Your app" class="your-app">
            <a href="/app" rel="external">"Your app"</a>
            <a href="/app/session" rel="external">"Check its session"</a>
        </nav>
    }
}
