//! The id under which the server records the requests of this document.

use std::sync::OnceLock;

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
