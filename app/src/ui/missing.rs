//! Pages whose chunk cannot be fetched.

#[cfg(feature = "hydrate")]
use leptos::prelude::*;

/// The chunk did not come: the network is gone, or the server has a newer build by now. The page as the server sends it
/// needs few scripts, so the browser does what it would do without them; that some are missing is told.
pub(crate) async fn do_without() {
    #[cfg(feature = "hydrate")]
    if Owner::current_shared_context().is_some_and(|shared| shared.during_hydration()) {
        leave_links_alone();
        let _ = web_sys::Event::new(super::broken::BROKEN).and_then(|event| window().dispatch_event(&event));
    } else {
        let url = leptos_router::hooks::use_url().get_untracked();
        let query = if url.search().is_empty() { String::new() } else { format!("?{}", url.search()) };
        // With the origin, since a path alone may be read as another site's address. Where that fails too, the browser says so.
        let _ = window().location().assign(&format!("{}{}{query}{}", url.origin(), url.path(), url.hash()));
    }
    std::future::pending().await
}

/// Keeps clicks on links from the router, which waits for a page that does not wake: the browser follows them itself.
#[cfg(feature = "hydrate")]
fn leave_links_alone() {
    let Some(body) = document().body() else { return };
    // It lasts as long as the page.
    gloo_events::EventListener::new(&body, "click", |event| event.stop_propagation()).forget();
}
