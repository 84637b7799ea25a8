//! What may be done to the entries of the table.

use super::{rows::Row, words::in_reach};
use crate::browser::{Entry, Store, may_put};

/// A longer value is not edited in the table: a field with millions of characters makes a browser stand still.
const LONGEST_EDITED: usize = 200_000;

/// Whether an entry may be deleted.
pub(super) fn can_delete(store: Store, entry: &Entry) -> bool {
    !entry.protected && in_reach(store, entry)
}

/// Whether its value may be edited in the table.
pub(super) fn can_edit(entry: &Entry) -> bool {
    !entry.protected && entry.value.as_ref().is_some_and(|value| value.len() <= LONGEST_EDITED)
}

/// Whether a row can be put where it is missing: its value is known, and its name is one that the lab puts.
pub(super) fn can_put(row: Row) -> bool {
    row.number() == 0 && may_put(row.name()) && row.usual().is_some()
}

/// Whether anything of a row may be deleted.
pub(super) fn can_delete_any(row: Row) -> bool {
    row.entries().any(|(store, entry)| can_delete(store, entry))
}
