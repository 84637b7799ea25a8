//! The browser's entry: wakes the page that the server rendered, nothing else.

use app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the WASM is there.
#[wasm_bindgen]
pub fn hydrate() {
    // A release build has no texts of panics to show (script/build).
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    // The account pages are fetched when they are opened, so waking may have to wait for one.
    leptos::mount::hydrate_lazy(App);
}
