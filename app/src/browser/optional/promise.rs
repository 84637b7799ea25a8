//! Waiting for what the browser promises.

use super::trouble::Trouble;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// So many answers are waited for at the same time.
pub(super) const AT_A_TIME: usize = 64;

/// What a promise ends with, taken for what its interface says it is.
pub(super) async fn kept<T: JsCast>(promise: Promise) -> Result<T, Trouble> {
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

/// The promised text.
pub(super) async fn text(promise: Promise) -> Result<String, Trouble> {
    Ok(JsFuture::from(promise).await?.as_string().unwrap_or_default())
}

/// A method that not every browser has; calling one that is missing would end the page.
pub(super) fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &JsValue::from_str(name)).ok()?.dyn_into().ok()
}
