//! Hydration: how a page that the server rendered becomes the app in the browser. The app is fetched at once where
//! something on the page changes by itself, or where the browser keeps something of earlier visits; else at the first sign
//! that the visitor wants more than to read. `hydrate.js` does that, since it has to run before the app is there.

#[cfg(feature = "ssr")]
mod files;

#[cfg(feature = "ssr")]
pub(crate) use files::scripts;

/// Hydrates the page, as soon as its chunk is here. Tells the script in the page's head before and after.
#[cfg(feature = "hydrate")]
pub async fn hydrate() {
    use crate::{App, pages, ui::tell_broken};
    use leptos::prelude::window;
    let path = window().location().pathname().unwrap_or_default();
    let fetched = match pages::fetch(&path) {
        Some(fetching) => fetching.await,
        None => Ok(()),
    };
    if fetched.is_err() {
        return tell_broken();
    }
    tell("app-hydrates");
    leptos::mount::hydrate_body(App);
    tell("app-hydrated");
}

#[cfg(feature = "hydrate")]
fn tell(event: &str) {
    let _ = web_sys::Event::new(event).and_then(|event| leptos::prelude::window().dispatch_event(&event));
}
