//! The stores that can be switched on: IndexedDB, Cache Storage and the origin private file system. What reaches them is
//! fetched with the chunk of tools; here is only the way there.
//!
//! The places, for `public/reader.js` and whoever else looks for an entry (names encoded as in [`names`]):
//! - IndexedDB: database `lab-bench`, version 1; object store `values`; the name is the key, the value a string.
//! - Cache Storage: cache `lab-bench`; a GET request for `/lab/cache/ENCODED`, answered with the value as text.
//! - OPFS: folder `lab-bench` in the root; a file `ENCODED` with the value in UTF-8.

mod cache_storage;
mod indexed_db;
mod names;
mod opfs;
mod promise;
mod room;
mod trouble;

pub(in crate::bench) use room::Room;
pub(in crate::bench) use trouble::Trouble;

use super::Draft;
use crate::{
    bench::{
        model::{Entry, Expires, Store},
        tools::chunk,
    },
    ui::thousands,
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

/// What comes with the chunk of tools.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Verbs {
    list: fn(Store) -> Answer<Found>,
    put: fn(Store, String, Arc<str>) -> Answer<()>,
    delete: fn(Store, String) -> Answer<()>,
}

/// All that one of them holds.
pub(in crate::bench) async fn list(store: Store) -> Result<Found, Trouble> {
    (verbs().await?.list)(store).await
}

/// Puts a value there and reads it back.
pub(super) async fn put(store: Store, draft: &Draft) -> Result<(), Trouble> {
    (verbs().await?.put)(store, draft.name.clone(), draft.value.clone()).await
}

/// Deletes a name and looks whether it is gone.
pub(super) async fn delete(store: Store, name: &str) -> Result<(), Trouble> {
    (verbs().await?.delete)(store, name.to_owned()).await
}

async fn verbs() -> Result<Verbs, Trouble> {
    chunk().await.map(|chunk| chunk.further).map_err(|_| Trouble::NotFetched)
}

/// The verbs, called from the chunk alone.
pub(in crate::bench) fn fetched() -> Verbs {
    Verbs {
        list: |store| Box::pin(list_here(store)),
        put: |store, name, value| Box::pin(put_here(store, name, value)),
        delete: |store, name| Box::pin(delete_here(store, name)),
    }
}

async fn list_here(store: Store) -> Result<Found, Trouble> {
    let (values, others) = match store {
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

async fn put_here(store: Store, name: String, value: Arc<str>) -> Result<(), Trouble> {
    match store {
        Store::IndexedDb => indexed_db::put(&name, &value).await?,
        Store::CacheStorage => cache_storage::put(&name, &value).await?,
        _ => opfs::put(&name, &value).await?,
    }
    if find(store, &name).await?.as_deref() == Some(&*value) { Ok(()) } else { Err(Trouble::NotKept) }
}

async fn delete_here(store: Store, name: String) -> Result<(), Trouble> {
    match store {
        Store::IndexedDb => indexed_db::delete(&name).await?,
        Store::CacheStorage => cache_storage::delete(&name).await?,
        _ => opfs::delete(&name).await?,
    }
    if find(store, &name).await?.is_none() { Ok(()) } else { Err(Trouble::Stays) }
}

/// `1 answer`, `2 answers`.
fn counted(count: u32, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{} {what}s", thousands(count.into())) }
}
