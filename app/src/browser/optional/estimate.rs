//! How much a store takes by the browser's own count, which is rounded and padded, and comes late (WHATWG Storage §7).

use super::promise;
use crate::browser::store::Store;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// What `navigator.storage.estimate()` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StorageEstimate {
    /// Bytes of this kind of store; Chromium alone tells them apart.
    pub used: Option<u64>,
    /// Bytes for all stores of this origin together.
    pub quota: u64,
}

pub(super) async fn estimate(store: Store) -> Option<StorageEstimate> {
    let storage = web_sys::window()?.navigator().storage();
    if storage.is_undefined() {
        return None;
    }
    let estimate: JsValue = promise::kept(storage.estimate().ok()?).await.ok()?;
    let fact = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let kind = match store {
        Store::IndexedDb => "indexedDB",
        Store::CacheStorage => "caches",
        _ => "fileSystem",
    };
    let details = fact(&estimate, "usageDetails").filter(JsValue::is_object);
    // A kind that holds nothing is left out of the details.
    let used = details.map(|details| fact(&details, kind).and_then(|used| used.as_f64()).unwrap_or(0.0) as u64);
    Some(StorageEstimate { used, quota: fact(&estimate, "quota")?.as_f64()? as u64 })
}
