//! The account pages as a chunk of their own: a first visit of the bench does not pay for them.
//!
//! With `cargo leptos … --split` everything that only [`page`] reaches is cut out of the app's WASM and fetched when one
//! of its addresses is opened. The server links it in as ever.

use super::{AccountPage, ConfirmPage, LogInPage, SignUpPage};
use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};
use leptos_router::ChooseView;

/// An account page as a route's view.
#[derive(Clone, Copy)]
pub(crate) enum Page {
    SignUp,
    LogIn,
    Account,
    Confirm,
}

impl ChooseView for Page {
    /// Fetches the chunk: before the page wakes, or while the page before still stands.
    async fn preload(&self) {
        if fetch().await.is_err() {
            do_without().await;
        }
    }

    async fn choose(self) -> AnyView {
        // Makes the page's head name the chunk, so that it comes along with the rest.
        leptos::prefetch_lazy_fn_on_server("accounts");
        page(self).await.unwrap_or_else(|_| ().into_any())
    }
}

/// Everything that is reached from here alone goes into the chunk `accounts`. That the chunk may be missing is part of
/// the type: the usual `#[lazy]` would stop the whole app then.
#[wasm_split(accounts, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
fn page(page: Page) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Page::SignUp => view! { <SignUpPage /> }.into_any(),
        Page::LogIn => view! { <LogInPage /> }.into_any(),
        Page::Account => view! { <AccountPage /> }.into_any(),
        Page::Confirm => view! { <ConfirmPage /> }.into_any(),
    })
}

/// The chunk did not come: the network is gone, or the server has a newer build by now. The page as the server sends it
/// needs no scripts, so the browser does what it would do without them.
async fn do_without() {
    #[cfg(feature = "hydrate")]
    if Owner::current_shared_context().is_some_and(|shared| shared.during_hydration()) {
        leave_links_alone();
    } else {
        let url = leptos_router::hooks::use_url().get_untracked();
        let query = if url.search().is_empty() { String::new() } else { format!("?{}", url.search()) };
        // Where that fails too, the browser says so.
        let _ = window().location().assign(&format!("{}{query}{}", url.path(), url.hash()));
    }
    std::future::pending().await
}

/// Keeps clicks on links from the router, which waits for a page that does not wake: the browser follows them itself.
#[cfg(feature = "hydrate")]
fn leave_links_alone() {
    use wasm_bindgen::{JsCast, closure::Closure};
    let Some(body) = document().body() else { return };
    let keep = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| event.stop_propagation());
    let _ = body.add_event_listener_with_callback("click", keep.as_ref().unchecked_ref());
    // It lasts as long as the page.
    keep.forget();
}
