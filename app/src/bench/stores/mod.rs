//! The four stores behind one set of verbs. Everything here runs in the browser only; the server session's verbs are
//! calls to the server.

pub(super) mod cookies;
pub(super) mod further;
mod server_session;
mod slice;
pub(super) mod web_storage;

use super::model::{CookieFlags, Entry, Expires, Refusal, Store};
use std::sync::Arc;
use web_storage::Area;

pub(super) use slice::Slice;

/// What a visitor asks a store to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub name: String,
    pub value: Arc<str>,
    /// Only cookies carry an expiry, a path and flags of their own.
    pub expires: Expires,
    pub path: Option<String>,
    pub flags: CookieFlags,
    /// Its value is out of reach: it can be deleted, never put back.
    pub unseen: bool,
}

impl Draft {
    pub fn new(name: String, value: impl Into<Arc<str>>) -> Self {
        Self {
            name,
            value: value.into(),
            expires: Expires::BrowserSession,
            path: None,
            flags: CookieFlags::default(),
            unseen: false,
        }
    }

    /// The entry as it is, to be put back later; `None` where its value is out of reach.
    pub fn of(entry: &Entry) -> Option<Self> {
        entry.value.as_ref().map(|_| Self::named(entry))
    }

    /// The entry as far as it is known, to be deleted.
    pub fn named(entry: &Entry) -> Self {
        Self {
            expires: entry.expires,
            path: entry.path.clone(),
            flags: entry.flags.clone(),
            unseen: entry.value.is_none(),
            ..Self::new(entry.name.clone(), entry.value.clone().unwrap_or_default())
        }
    }
}

/// Puts a value into a store and finds out whether it is there.
pub(super) async fn put(store: Store, draft: &Draft) -> Result<(), Refusal> {
    if draft.name.is_empty() {
        return Err(Refusal::NoName);
    }
    match store {
        Store::Cookies => cookies::put(draft).await,
        Store::SessionStorage => Area::Session.put(draft),
        Store::LocalStorage => Area::Local.put(draft),
        Store::ServerSession => server_session::put(draft).await,
        Store::IndexedDb | Store::CacheStorage | Store::Opfs => further::put(store, draft).await,
    }
}

/// Deletes what is kept under the draft's name; a cookie under its path, domain and partition too.
pub(super) async fn delete(store: Store, draft: &Draft) -> Result<(), Refusal> {
    let name = &draft.name;
    match store {
        Store::Cookies => cookies::delete(draft).await,
        Store::SessionStorage => Area::Session.delete(name),
        Store::LocalStorage => Area::Local.delete(name),
        Store::ServerSession => server_session::delete(name).await,
        Store::IndexedDb | Store::CacheStorage | Store::Opfs => further::delete(store, name).await,
    }
}
