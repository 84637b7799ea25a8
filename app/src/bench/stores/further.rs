//! The stores that can be switched on: IndexedDB, Cache Storage and the origin private file system.

use super::Draft;
use crate::bench::model::{Entry, Refusal, Store};

/// All entries of one of them.
pub(in crate::bench) async fn list(_store: Store) -> Vec<Entry> {
    Vec::new()
}

pub(super) async fn put(_store: Store, _draft: &Draft) -> Result<(), Refusal> {
    Err(Refusal::Denied)
}

pub(super) async fn delete(_store: Store, _name: &str) -> Result<(), Refusal> {
    Err(Refusal::Denied)
}
