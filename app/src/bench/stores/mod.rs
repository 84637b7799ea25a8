//! The stores behind one set of verbs. Everything here runs in the browser only; the server session's verbs are
//! calls to the server.

pub(super) mod cookies;
pub(super) mod further;
mod server_session;
mod slice;
pub(super) mod web_storage;

use super::model::{Entry, Expires, Refusal, Store};
use std::sync::Arc;
use web_storage::Area;

pub(super) use slice::Slice;

/// What a visitor asks a store to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub name: String,
    pub value: Arc<str>,
    /// Only cookies carry an expiry and a path of their own.
    pub expires: Expires,
    pub path: Option<String>,
}

impl Draft {
    pub fn new(name: String, value: impl Into<Arc<str>>) -> Self {
        Self { name, value: value.into(), expires: Expires::BrowserSession, path: None }
    }

    /// The entry as it is, to be put back later; `None` where its value is out of reach.
    pub fn of(entry: &Entry) -> Option<Self> {
        let value = entry.value.clone()?;
        Some(Self { name: entry.name.clone(), value, expires: entry.expires, path: entry.path.clone() })
    }
}

/// Puts a value into a store and finds out whether it is there.
pub(super) async fn put(store: Store, draft: &Draft) -> Result<(), Refusal> {
    if draft.name.is_empty() {
        return Err(Refusal::NoName);
    }
    match store {
        Store::Cookies => cookies::put(draft),
        Store::SessionStorage => Area::Session.put(draft),
        Store::LocalStorage => Area::Local.put(draft),
        Store::ServerSession => server_session::put(draft).await,
        Store::IndexedDb | Store::CacheStorage | Store::Opfs => further::put(store, draft).await.map_err(Refusal::Trouble),
    }
}

/// Deletes what is kept under the draft's name; a cookie under its path too.
pub(super) async fn delete(store: Store, draft: &Draft) -> Result<(), Refusal> {
    let name = &draft.name;
    match store {
        Store::Cookies => cookies::delete(draft),
        Store::SessionStorage => Area::Session.delete(name),
        Store::LocalStorage => Area::Local.delete(name),
        Store::ServerSession => server_session::delete(name).await,
        Store::IndexedDb | Store::CacheStorage | Store::Opfs => further::delete(store, name).await.map_err(Refusal::Trouble),
    }
}
