//! The stores behind one set of verbs. Everything here runs in the browser only; the server session's verbs are
//! calls to the server.

pub(crate) mod cookies;
pub(super) mod further;
mod server_session;
mod slice;
pub(crate) mod web_storage;

use super::model::{CookieFlags, Entry, Expires, Refusal, Store};
use std::sync::Arc;
use web_storage::Area;

pub(super) use slice::Slice;

/// What a visitor asks a store to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
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

/// The names of what the lab writes for a moment to find out how much fits. They are nobody's entries: never listed, and
/// removed where a crash left them.
pub(super) const PROBE: &str = "lab-limit-probe";

/// Whether an entry is a probe.
pub(super) fn is_probe(name: &str) -> bool {
    name.starts_with(PROBE)
}

/// Whether the browser denies this page's scripts one of the four.
pub(super) fn denied(store: Store) -> bool {
    match store {
        Store::Cookies => cookies::denied(),
        Store::SessionStorage => Area::Session.open().is_err(),
        Store::LocalStorage => Area::Local.open().is_err(),
        _ => false,
    }
}

/// What an area of web storage holds under a name instead of what an edit began with; `None` while it is the same.
pub(super) fn changed(store: Store, name: &str, before: Option<&Draft>) -> Option<Option<Arc<str>>> {
    let before = before.map(|draft| &*draft.value);
    match store {
        Store::SessionStorage => Area::Session.changed(name, before),
        Store::LocalStorage => Area::Local.changed(name, before),
        _ => None,
    }
}

/// Does what an edit says; the server and the stores that can be switched on write only over what was there before. Of the
/// other stores that is asked by [`changed`].
pub(super) async fn write(store: Store, before: Option<&Draft>, after: Option<&Draft>) -> Result<(), Refusal> {
    match (store, before, after) {
        (Store::ServerSession, _, Some(after)) if !after.name.is_empty() => {
            server_session::put(after, Some(server_session::expected(before))).await
        }
        (Store::ServerSession, Some(before), None) => {
            server_session::delete(&before.name, Some(server_session::expected(Some(before)))).await
        }
        (Store::IndexedDb | Store::CacheStorage | Store::Opfs | Store::Address, ..) => {
            further::write(store, before, after).await
        }
        (_, _, Some(after)) => put(store, after).await,
        (_, Some(before), None) => delete(store, before).await,
        (_, None, None) => Ok(()),
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
        Store::ServerSession => server_session::put(draft, None).await,
        Store::IndexedDb | Store::CacheStorage | Store::Opfs | Store::Address => further::put(store, draft).await,
    }
}

/// Deletes what is kept under the draft's name; a cookie under its path, domain and partition too.
pub(crate) async fn delete(store: Store, draft: &Draft) -> Result<(), Refusal> {
    let name = &draft.name;
    match store {
        Store::Cookies => cookies::delete(draft).await,
        Store::SessionStorage => Area::Session.delete(name),
        Store::LocalStorage => Area::Local.delete(name),
        Store::ServerSession => server_session::delete(name, None).await,
        Store::IndexedDb | Store::CacheStorage | Store::Opfs | Store::Address => further::delete(store, name).await,
    }
}
