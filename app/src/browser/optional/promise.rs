//! Waiting for what the browser promises.

use super::trouble::Trouble;
use crate::text::units;
use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// So many answers are waited for at the same time.
pub(super) const AT_A_TIME: usize = 64;

/// What a promise ends with, taken for what its interface says it is.
pub(super) async fn kept<T: JsCast>(promise: Promise) -> Result<T, Trouble> {
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

/// The text of the promised bytes. A browser's own decoding leaves out U+FEFF at the beginning (WHATWG Encoding §6).
pub(super) async fn text(promise: Promise) -> Result<String, Trouble> {
    let bytes = Uint8Array::new(&JsFuture::from(promise).await?).to_vec();
    let text = String::from_utf8(bytes);
    Ok(units::kept(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())))
}

/// A method that not every browser has; calling one that is missing would end the page.
pub(super) fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &JsValue::from_str(name)).ok()?.dyn_into().ok()
}
