//! What all pools of connections have in common.

use sqlx::{Database, pool::PoolOptions};
use std::time::Duration;

/// No ping before each use: it would cost every request a round trip.
pub(super) fn pool_options<D: Database>(connections: u32) -> PoolOptions<D> {
    PoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(5)).test_before_acquire(false)
}
