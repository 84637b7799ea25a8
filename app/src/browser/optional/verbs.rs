//! The verbs of the stores that can be switched on: reading, and writing over nothing but what was expected there.

use super::{
    address, cache_storage,
    estimate::estimate,
    found::{Expected, Found},
    indexed_db,
    names::PLACE,
    opfs,
    trouble::Trouble,
};
use crate::browser::{
    draft::Draft,
    entry::{Entry, Expires},
    locks::{Taken, hold},
    refusal::Refusal,
    source,
    store::Store,
};
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use std::{pin::Pin, sync::Arc};

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Trouble>>>>;

/// What comes with the chunk.
#[derive(Clone, Copy)]
struct Verbs {
    list: fn(Store) -> Answer<Found>,
    /// Puts a value under a name, or deletes what is there.
    write: fn(Store, String, Expected, Option<Arc<str>>) -> Answer<()>,
}

/// All that one of them holds.
pub(crate) async fn list(store: Store) -> Result<Found, Trouble> {
    if let Some(app) = source::app() {
        return (app.list)(store).await;
    }
    (verbs().await?.list)(store).await
}

/// Does what an edit says, over nothing but what it began with.
pub(crate) async fn write(store: Store, before: Option<&Draft>, after: Option<&Draft>) -> Result<(), Refusal> {
    let Some(draft) = after.or(before) else { return Ok(()) };
    let [before, after] = [before, after].map(|draft| draft.map(|draft| draft.value.clone()));
    write_over(store, &draft.name, Some(before), after).await
}

/// Puts a value there, whatever was there before.
pub(crate) async fn put(store: Store, draft: &Draft) -> Result<(), Refusal> {
    write_over(store, &draft.name, None, Some(draft.value.clone())).await
}

/// Deletes a name, whatever is there.
pub(crate) async fn delete(store: Store, name: &str) -> Result<(), Refusal> {
    write_over(store, name, None, None).await
}

async fn write_over(store: Store, name: &str, expected: Expected, after: Option<Arc<str>>) -> Result<(), Refusal> {
    let write = verbs().await.map_err(Refusal::Trouble)?.write;
    write(store, name.to_owned(), expected, after).await.map_err(Refusal::Trouble)
}

async fn verbs() -> Result<Verbs, Trouble> {
    fetched().await.map_err(|_| Trouble::NotFetched)
}

/// What reaches the stores comes with a chunk of its own, since few visitors switch one on.
#[wasm_split(tools, wasm_split_path = leptos::wasm_split, fallible)]
fn fetched() -> Result<Verbs, SplitLoaderError> {
    Ok(Verbs {
        list: |store| Box::pin(list_here(store)),
        write: |store, name, expected, after| Box::pin(write_here(store, name, expected, after)),
    })
}

async fn list_here(store: Store) -> Result<Found, Trouble> {
    let (values, others) = match store {
        Store::Address => return Ok(address::list().await),
        Store::IndexedDb => (indexed_db::list().await?, indexed_db::others().await?),
        Store::CacheStorage => (cache_storage::list().await?, cache_storage::others().await?),
        _ => (opfs::list().await?, opfs::others().await?),
    };
    let mut entries: Vec<_> = values.into_iter().map(|(name, value)| Entry::new(name, value, Expires::Never)).collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Found { entries, others, estimate: estimate(store).await })
}

async fn find(store: Store, name: &str) -> Result<Option<String>, Trouble> {
    match store {
        Store::IndexedDb => indexed_db::find(name).await,
        Store::CacheStorage => cache_storage::find(name).await,
        _ => opfs::find(name).await,
    }
}

/// Writes and reads back, while no other tab of the lab writes: what was expected is there until it is written over.
async fn write_here(store: Store, name: String, expected: Expected, after: Option<Arc<str>>) -> Result<(), Trouble> {
    if store == Store::Address {
        return address::write(&name, expected, after.as_deref());
    }
    let _alone = hold(PLACE, Taken::Wait).await;
    if let Some(before) = expected {
        let now = find(store, &name).await?;
        if now.as_deref() != before.as_deref() {
            // What was to be deleted is gone already, and what was to be put is there.
            return if now.as_deref() == after.as_deref() {
                Ok(())
            } else {
                Err(Trouble::Changed(now.map(Into::into)))
            };
        }
    }
    match (store, &after) {
        (Store::IndexedDb, Some(value)) => indexed_db::put(&name, value).await?,
        (Store::IndexedDb, None) => indexed_db::delete(&name).await?,
        (Store::CacheStorage, Some(value)) => cache_storage::put(&name, value).await?,
        (Store::CacheStorage, None) => cache_storage::delete(&name).await?,
        (_, Some(value)) => opfs::put(&name, value).await?,
        (_, None) => opfs::delete(&name).await?,
    }
    match find(store, &name).await? {
        now if now.as_deref() == after.as_deref() => Ok(()),
        _ if after.is_none() => Err(Trouble::Stays),
        _ => Err(Trouble::NotKept),
    }
}
