//! Hydration: the page that the server rendered becomes the app. `shell/hydrate.js` decides when the app is fetched.

use crate::{app::body, pages};
use leptos::prelude::window;

/// Hydrates the page, as soon as its chunk is here. Tells the script in the page's head before and after.
pub async fn hydrate() {
    let path = window().location().pathname().unwrap_or_default();
    let fetched = match pages::fetch(&path) {
        Some(fetching) => fetching.await,
        None => Ok(()),
    };
    if fetched.is_err() {
        return tell("page-broke");
    }
    tell("app-hydrates");
    leptos::mount::hydrate_body(move || body(&path));
    tell("app-hydrated");
}

fn tell(event: &str) {
    let _ = web_sys::Event::new(event).and_then(|event| window().dispatch_event(&event));
}
