//! The browser's entry: wakes the page that the server rendered, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Called by the page once the WASM is there.
#[wasm_bindgen]
pub fn hydrate() {
    // A release build has no texts of panics to show (script/build).
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    spawn_local(app::hydrate());
}
