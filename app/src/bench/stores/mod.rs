//! The four stores behind one set of verbs. Everything here runs in the browser only; the server session's verbs are
//! calls to the server.

pub(super) mod cookies;
mod server_session;
pub(super) mod web_storage;

use super::model::{Entry, Expires, Refusal, Store};
use web_storage::Area;

/// What a visitor asks a store to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub name: String,
    pub value: String,
    /// Only cookies carry an expiry and a path of their own.
    pub expires: Expires,
    pub path: Option<String>,
}

impl Draft {
    pub fn new(name: String, value: String) -> Self {
        Self { name, value, expires: Expires::BrowserSession, path: None }
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
    }
}

/// Deletes an entry.
pub(super) async fn delete(store: Store, entry: &Entry) -> Result<(), Refusal> {
    match store {
        Store::Cookies => cookies::delete(entry),
        Store::SessionStorage => Area::Session.delete(&entry.name),
        Store::LocalStorage => Area::Local.delete(&entry.name),
        Store::ServerSession => server_session::delete(&entry.name).await,
    }
}
