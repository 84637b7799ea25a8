//! The address of this page, below the site's.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// Path and query, as the address bar has them.
pub(crate) fn address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Changes them, in the same entry of the history. The router's own note about the page stays.
pub(crate) fn readdress(address: &str) {
    let Ok(history) = window().history() else { return };
    let state = history.state().unwrap_or(JsValue::NULL);
    // A browser refuses only when it is done too often; then the old address stands there.
    let _ = history.replace_state_with_url(&state, "", Some(address));
}
