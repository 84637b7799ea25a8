//! The id under which the server records the requests of this document.
//!
//! It comes in a header field, so that a page is the same for everybody. `Server-Timing` is the one whose content scripts can
//! read of the document itself (W3C Server Timing §4), where the page came encrypted or from this machine.

use std::sync::OnceLock;

/// The metric of `Server-Timing` whose description is the id.
pub const TIMING: &str = "page";

/// What names a rendered document, and the record that is kept of its requests. In the extensions of the answer with the
/// document, where one is kept.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageId(pub String);

/// This document's id, where the server keeps a record of it: the value of [`PAGE_HEADER`](super::PAGE_HEADER). On the
/// server, which renders many documents, there is none here.
pub(crate) fn page_id() -> Option<String> {
    static PAGE_ID: OnceLock<Option<String>> = OnceLock::new();
    #[cfg(feature = "ssr")]
    let learn = || None;
    #[cfg(not(feature = "ssr"))]
    let learn = told;
    PAGE_ID.get_or_init(learn).clone()
}

#[cfg(not(feature = "ssr"))]
fn told() -> Option<String> {
    use js_sys::{Array, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    let of = |object: &JsValue, name: &str| Reflect::get(object, &JsValue::from_str(name)).ok();
    let navigation = web_sys::window()?.performance()?.get_entries_by_type("navigation").get(0);
    let timings = of(&navigation, "serverTiming")?.dyn_into::<Array>().ok()?;
    let page = timings.iter().find(|timing| of(timing, "name").is_some_and(|name| name == TIMING))?;
    of(&page, "description")?.as_string()
}
