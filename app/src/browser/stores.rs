//! The stores behind one set of verbs. Everything here runs in the browser only; the server session's verbs are
//! calls to the server.

use super::{
    cookies::script as cookies,
    draft::Draft,
    optional::{trouble::Trouble, verbs as optional},
    refusal::Refusal,
    server_session, source,
    store::Store,
    web_storage::Area,
};
use futures::future::LocalBoxFuture;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use std::sync::Arc;

/// Whether the browser denies this page's scripts one of the four.
pub(crate) fn denied(store: Store) -> bool {
    if let Some(app) = source::app() {
        return (app.denied)(store);
    }
    match store {
        Store::Cookies => cookies::denied(),
        Store::SessionStorage => Area::Session.open().is_err(),
        Store::LocalStorage => Area::Local.open().is_err(),
        _ => false,
    }
}

/// What an area of web storage holds under a name instead of what an edit began with; `None` while it is the same, and for an
/// app's page, which compares by itself.
pub(crate) fn changed(store: Store, name: &str, before: Option<&Draft>) -> Option<Option<Arc<str>>> {
    let before = before.map(|draft| &*draft.value);
    if source::app().is_some() {
        return None;
    }
    match store {
        Store::SessionStorage => Area::Session.changed(name, before),
        Store::LocalStorage => Area::Local.changed(name, before),
        _ => None,
    }
}

/// Puts a value into a store and finds out whether it is there.
pub(crate) async fn put(store: Store, draft: &Draft) -> Result<(), Refusal> {
    (verbs().await?.put)(store, draft.clone()).await
}

/// Deletes what is kept under the draft's name; a cookie under its path, domain and partition too.
pub(crate) async fn delete(store: Store, draft: &Draft) -> Result<(), Refusal> {
    (verbs().await?.delete)(store, draft.clone()).await
}

type Answer = LocalBoxFuture<'static, Result<(), Refusal>>;

/// What writes. It comes with the chunk `edit`.
#[derive(Clone, Copy)]
struct Verbs {
    put: fn(Store, Draft) -> Answer,
    delete: fn(Store, Draft) -> Answer,
}

async fn verbs() -> Result<Verbs, Refusal> {
    fetched().await.map_err(|_| Refusal::Trouble(Trouble::NotFetched))
}

#[wasm_split(edit, wasm_split_path = leptos::wasm_split, fallible)]
fn fetched() -> Result<Verbs, SplitLoaderError> {
    Ok(Verbs {
        put: |store, draft| Box::pin(async move { put_here(store, &draft).await }),
        delete: |store, draft| Box::pin(async move { delete_here(store, &draft).await }),
    })
}

/// Does what an edit says, for the chunk itself; an app's page compares by itself what it holds, and so do the server and the
/// stores that can be switched on: they write only over what was there before. Of the other stores that is asked by [`changed`].
pub(crate) async fn write_here(store: Store, before: Option<&Draft>, after: Option<&Draft>) -> Result<(), Refusal> {
    if let Some(app) = source::app() {
        return (app.write)(store, before.cloned(), after.cloned()).await;
    }
    match (store, before, after) {
        (Store::ServerSession, _, Some(after)) => {
            check(store, after)?;
            server_session::put(after, Some(server_session::expected(before))).await
        }
        (Store::ServerSession, Some(before), None) => {
            server_session::delete(&before.name, Some(server_session::expected(Some(before)))).await
        }
        (Store::IndexedDb | Store::CacheStorage | Store::Opfs | Store::Address, ..) => {
            after.map_or(Ok(()), |after| check(store, after))?;
            optional::write(store, before, after).await
        }
        (_, _, Some(after)) => put_here(store, after).await,
        (_, Some(before), None) => delete_here(store, before).await,
        (_, None, None) => Ok(()),
    }
}

/// Puts a value into a store and finds out whether it is there.
async fn put_here(store: Store, draft: &Draft) -> Result<(), Refusal> {
    check(store, draft)?;
    match store {
        Store::Cookies => cookies::put(draft).await,
        Store::SessionStorage => Area::Session.put(draft),
        Store::LocalStorage => Area::Local.put(draft),
        Store::ServerSession => server_session::put(draft, None).await,
        Store::IndexedDb | Store::CacheStorage | Store::Opfs | Store::Address => optional::put(store, draft).await,
    }
}

/// Whether a store can keep such an entry at all: some want a name, most keep Unicode text alone.
fn check(store: Store, draft: &Draft) -> Result<(), Refusal> {
    let wants_name = match store {
        Store::SessionStorage | Store::LocalStorage | Store::IndexedDb => return Ok(()),
        // A cookie of one `=` alone is none (RFC 6265bis §5.6).
        Store::Cookies => draft.value.is_empty(),
        Store::ServerSession | Store::Opfs => true,
        Store::CacheStorage | Store::Address => false,
    };
    if wants_name && draft.name.is_empty() { Err(Refusal::NoName) } else { draft.check_unicode() }
}

/// Deletes what is kept under the draft's name; a cookie under its path, domain and partition too.
async fn delete_here(store: Store, draft: &Draft) -> Result<(), Refusal> {
    let name = &draft.name;
    match store {
        Store::Cookies => cookies::delete(draft).await,
        Store::SessionStorage => Area::Session.delete(name),
        Store::LocalStorage => Area::Local.delete(name),
        Store::ServerSession => server_session::delete(name, None).await,
        Store::IndexedDb | Store::CacheStorage | Store::Opfs | Store::Address => optional::delete(store, name).await,
    }
}
