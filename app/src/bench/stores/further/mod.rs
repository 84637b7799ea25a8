//! The stores that can be switched on: IndexedDB, Cache Storage, the origin private file system and the address. What reaches them is
//! fetched with the chunk of tools; here is only the way there.
//!
//! The places, for `public/reader.js` and whoever else looks for an entry (names encoded as in [`names`]):
//! - IndexedDB: database `lab-bench`, version 1; object store `values`; the name is the key, the value a string.
//! - Cache Storage: cache `lab-bench`; a GET request for `/lab/cache/ENCODED`, answered with the value as text.
//! - OPFS: folder `lab-bench` in the root; a file `ENCODED` with the value in UTF-8.

mod address;
mod cache_storage;
mod indexed_db;
mod names;
mod opfs;
mod promise;
mod room;
mod trouble;

pub(in crate::bench) use address::{query, values as address_values};
pub(in crate::bench) use room::Room;
pub(in crate::bench) use trouble::Trouble;

use super::Draft;
use crate::{
    bench::{
        model::{Entry, Expires, Refusal, Store},
        tools::chunk,
    },
    ui::{Taken, hold, thousands},
};
use std::{pin::Pin, sync::Arc};

/// The name of the lab's database, cache and folder.
const PLACE: &str = "lab-bench";

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Trouble>>>>;

/// What one of them holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::bench) struct Found {
    /// The entries of the lab's own place, sorted by name.
    pub entries: Vec<Entry>,
    /// What else of this origin is in such a store, each in words; it is not touched here.
    pub others: Vec<String>,
    /// How much there is by the browser's own count, where it tells.
    pub room: Option<Room>,
}

/// What a write expects to be there: any value, or what an edit began with.
type Expected = Option<Option<Arc<str>>>;

/// What comes with the chunk of tools.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Verbs {
    list: fn(Store) -> Answer<Found>,
    /// Puts a value under a name, or deletes what is there.
    write: fn(Store, String, Expected, Option<Arc<str>>) -> Answer<()>,
}

/// All that one of them holds.
pub(in crate::bench) async fn list(store: Store) -> Result<Found, Trouble> {
    (verbs().await?.list)(store).await
}

/// Does what an edit says, over nothing but what it began with.
pub(super) async fn write(store: Store, before: Option<&Draft>, after: Option<&Draft>) -> Result<(), Refusal> {
    let Some(draft) = after.or(before) else { return Ok(()) };
    let [before, after] = [before, after].map(|draft| draft.map(|draft| draft.value.clone()));
    write_over(store, &draft.name, Some(before), after).await
}

/// Puts a value there, whatever was there before.
pub(super) async fn put(store: Store, draft: &Draft) -> Result<(), Refusal> {
    write_over(store, &draft.name, None, Some(draft.value.clone())).await
}

/// Deletes a name, whatever is there.
pub(super) async fn delete(store: Store, name: &str) -> Result<(), Refusal> {
    write_over(store, name, None, None).await
}

async fn write_over(store: Store, name: &str, expected: Expected, after: Option<Arc<str>>) -> Result<(), Refusal> {
    if name.is_empty() {
        return Err(Refusal::NoName);
    }
    let write = verbs().await.map_err(Refusal::Trouble)?.write;
    write(store, name.to_owned(), expected, after).await.map_err(Refusal::Trouble)
}

async fn verbs() -> Result<Verbs, Trouble> {
    chunk().await.map(|chunk| chunk.further).map_err(|_| Trouble::NotFetched)
}

/// The verbs, called from the chunk alone.
pub(in crate::bench) fn fetched() -> Verbs {
    Verbs {
        list: |store| Box::pin(list_here(store)),
        write: |store, name, expected, after| Box::pin(write_here(store, name, expected, after)),
    }
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
    Ok(Found { entries, others, room: room::room(store).await })
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

/// `1 answer`, `2 answers`.
fn counted(count: u32, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{} {what}s", thousands(count.into())) }
}
