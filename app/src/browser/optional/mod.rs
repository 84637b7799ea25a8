//! The stores that can be switched on: IndexedDB, Cache Storage, the origin private file system and the page's address.
//!
//! The places, for `public/reader.js` and whoever else looks for an entry (names encoded as in [`names`]):
//! - IndexedDB: database `lab-bench`, version 1; object store `values`; the name is the key, the value a string.
//! - Cache Storage: cache `lab-bench`; a GET request for `/lab/cache/ENCODED`, answered with the value as text.
//! - OPFS: folder `lab-bench` in the root; a file `ENCODED` with the value in UTF-8.

pub(crate) mod address;
mod cache_storage;
mod estimate;
mod found;
mod indexed_db;
mod names;
mod opfs;
mod promise;
pub(super) mod trouble;
pub(super) mod verbs;

pub(crate) use estimate::StorageEstimate;
pub(crate) use found::Found;
pub(crate) use trouble::Trouble;
pub(crate) use verbs::list;
