//! What the core tells whoever follows it. Panels and what listens subscribe; the core calls none of them.

use super::journal::Change;
use crate::{browser::Store, reactive::Stored};
use std::sync::Arc;

/// Something that happened in the core.
#[derive(Clone, Copy, Debug)]
pub(super) enum News<'a> {
    /// This tab is about to change an entry; without a name, any entry of the store may change or have changed.
    Changing(Store, Option<&'a str>),
    /// What a store holds differs from what it held.
    Changed(&'a [Change]),
}

type Follower = Arc<dyn Fn(News) + Send + Sync>;

/// One stream for all that the core tells.
#[derive(Clone, Copy)]
pub(super) struct Stream(Stored<Vec<Follower>>);

impl Stream {
    pub fn new() -> Self {
        Self(Stored::new(Vec::new()))
    }

    /// Calls `follower` with all news to come, as long as the bench is there.
    pub fn follow(self, follower: impl Fn(News) + Send + Sync + 'static) {
        self.0.update_value(|followers| followers.push(Arc::new(follower)));
    }

    pub fn tell(self, news: News) {
        for follower in self.0.try_get_value().unwrap_or_default() {
            follower(news);
        }
    }
}
