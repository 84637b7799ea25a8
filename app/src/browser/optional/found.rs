//! What one of these stores holds, and what a write expects of it.

use super::estimate::StorageEstimate;
use crate::browser::entry::Entry;
use std::sync::Arc;

/// What one of them holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    /// The entries of the lab's own place, sorted by name.
    pub entries: Vec<Entry>,
    /// What else of this origin is in such a store, each in words; it is not touched here.
    pub others: Vec<String>,
    /// How much there is by the browser's own count, where it tells.
    pub estimate: Option<StorageEstimate>,
}

/// What a write expects to be there: any value, or what an edit began with.
pub(super) type Expected = Option<Option<Arc<str>>>;
