//! Copying for elsewhere.

use crate::text::units::portable;
use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Copies a text, as far as it is one ([`portable`]); false where the browser does not let the page.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Only secure pages have a clipboard (W3C Clipboard API §5.1).
    let there = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    there && JsFuture::from(navigator.clipboard().write_text(&portable(text))).await.is_ok()
}
