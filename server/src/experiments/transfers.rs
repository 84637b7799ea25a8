//! What came to the targets of the forgery experiment: a few requests for each run, in memory, for a while.

use app::experiments::subject::Arrived;
use moka::sync::Cache;
use std::{sync::Arc, time::Duration};

/// Runs that are kept, and for how long.
const RUNS: u64 = 1_000;
const KEPT_FOR: Duration = Duration::from_secs(600);
/// Requests that are kept of each.
const KEPT: usize = 20;

/// The latest runs; clones share them.
#[derive(Clone)]
pub struct Transfers(Cache<String, Arc<Vec<Arrived>>>);

impl Default for Transfers {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(RUNS).time_to_live(KEPT_FOR).build())
    }
}

impl Transfers {
    /// Notes a request.
    pub fn note(&self, run: &str, arrived: Arrived) {
        self.0.entry_by_ref(run).and_upsert_with(|before| {
            let mut all = before.map(|entry| entry.into_value().as_ref().clone()).unwrap_or_default();
            if all.len() < KEPT {
                all.push(arrived);
            }
            Arc::new(all)
        });
    }

    /// What came, the first first.
    pub fn of(&self, run: &str) -> Vec<Arrived> {
        self.0.get(run).map(|all| all.as_ref().clone()).unwrap_or_default()
    }
}
