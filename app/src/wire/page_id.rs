//! The id under which the server records the requests of this document.

use std::sync::OnceLock;
#[cfg(feature = "ssr")]
use {http::request::Parts, leptos::prelude::use_context};

/// What names a rendered document, and the record that is kept of its requests. In the extensions of the request for
/// the document, where one is kept.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageId(pub String);

/// The id of the page that is being rendered.
#[cfg(feature = "ssr")]
pub(crate) fn rendered_page_id() -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts.extensions.get::<PageId>().map(|PageId(id)| id.clone())
}

/// This document's id, where the server keeps a record of it: the value of [`PAGE_HEADER`](super::PAGE_HEADER). On the
/// server, which renders many documents, there is none here.
pub(crate) fn page_id() -> Option<String> {
    static PAGE_ID: OnceLock<Option<String>> = OnceLock::new();
    #[cfg(feature = "ssr")]
    let learn = || None;
    #[cfg(not(feature = "ssr"))]
    let learn = || crate::json::take(crate::json::PAGE_ID);
    PAGE_ID.get_or_init(learn).clone()
}
