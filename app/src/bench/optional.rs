//! What the stores that can be switched on hold, as of the last look.

use crate::browser::{
    Entries, Entry, Store,
    optional::{self, Found, StorageEstimate, Trouble},
};
use crate::reactive::{State, Stored};
use std::sync::Arc;

/// What came of reading one of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Look {
    /// Nothing yet.
    #[default]
    Reading,
    /// What else there is beside its entries, and how much by the browser's own count.
    Read {
        others: Vec<String>,
        estimate: Option<StorageEstimate>,
    },
    Failed(Trouble),
}

/// One of them as this page sees it.
#[derive(Clone, Copy)]
struct Seen {
    look: State<Look>,
    entries: State<Entries>,
    /// Counts the readings that have begun.
    begun: Stored<u32>,
    /// Which of them was the last to come in: an older one that comes later is dropped.
    came: Stored<u32>,
}

/// All of them as this page sees them.
#[derive(Clone, Copy)]
pub(super) struct OptionalView([Seen; Store::OPTIONAL.len()]);

impl OptionalView {
    pub fn new() -> Self {
        let seen = Store::OPTIONAL.map(|_| Seen {
            look: State::default(),
            entries: State::default(),
            begun: Stored::new(0),
            came: Stored::new(0),
        });
        Self(seen)
    }

    fn of(self, store: Store) -> Option<Seen> {
        Store::OPTIONAL.into_iter().zip(self.0).find(|(optional, _)| *optional == store).map(|(_, seen)| seen)
    }

    pub fn entries(self, store: Store) -> Entries {
        self.of(store).map(|seen| seen.entries.get()).unwrap_or_default()
    }

    pub fn look(self, store: Store) -> Look {
        self.of(store).map(|seen| seen.look.get()).unwrap_or_default()
    }

    /// Whether the browser denies this page the store, as of the last look.
    pub fn is_denied(self, store: Store) -> bool {
        self.of(store)
            .is_some_and(|seen| seen.look.with(|look| matches!(look, Look::Failed(Trouble::Denied | Trouble::Absent))))
    }

    /// Reads one of them; tells whether its entries are known now. What was known stays when it cannot be read.
    pub async fn read(self, store: Store) -> bool {
        let Some(Seen { look, entries, begun, came }) = self.of(store) else { return false };
        let Some(this) = begun.try_update_value(|begun| {
            *begun += 1;
            *begun
        }) else {
            return false;
        };
        let outcome = optional::list(store).await;
        match came.try_get_value() {
            Some(last) if last < this => came.set_value(this),
            _ => return false,
        }
        let known = outcome.is_ok();
        let now = match outcome {
            Ok(Found { entries: now, others, estimate }) => {
                set(entries, now);
                Look::Read { others, estimate }
            }
            Err(trouble) => Look::Failed(trouble),
        };
        look.try_set(now);
        known
    }
}

fn set(entries: State<Entries>, now: Vec<Entry>) {
    if entries.try_with_untracked(|before| **before != now) == Some(true) {
        entries.try_set(Arc::new(now));
    }
}
