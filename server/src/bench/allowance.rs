//! How much the server keeps for visitors of the bench: the values of sessions, the trials, the test accounts. Anybody can
//! make these without an account, so each network has a limit, and all together have one. Past it the bench says so, and
//! everything else goes on.

use crate::{network::Network, store::Store};
use app::{AppError, request::Caller};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;

/// Bytes that each row counts beside its content.
const ROW: usize = 512;
/// Bytes of one piece, the unit in which a network's share is counted.
const PIECE: usize = 1_024;
/// Pieces that one network may have kept at once: 64 MiB, a thousand sessions that are full.
const NETWORK_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(65_535);
/// The time after which a network may have one piece more: as much again in an hour.
const NETWORK_ONE_MORE_EACH: Duration = Duration::from_nanos(3_600_000_000_000 / 65_536);
/// Networks whose share is whole again are forgotten each time so many requests have come.
const FORGET_EVERY: u64 = 1_024;

/// Counts what is kept; clones count together. Each server counts the networks for itself.
#[derive(Clone)]
pub struct Allowance(Arc<Inner>);

struct Inner {
    store: Store,
    /// Bytes for all together.
    most: u64,
    /// Bytes that are kept: as they were counted, and what came since.
    kept: AtomicU64,
    counting: Mutex<()>,
    asked: AtomicU64,
    networks: DefaultKeyedRateLimiter<Network>,
}

impl Allowance {
    /// So many bytes for all together. What is kept already counts from the first [`Allowance::count`] on.
    pub fn new(store: Store, most: u64) -> Self {
        let quota = Quota::with_period(NETWORK_ONE_MORE_EACH).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        let networks = RateLimiter::keyed(quota.allow_burst(NETWORK_AT_ONCE));
        let (kept, asked) = (AtomicU64::new(0), AtomicU64::new(0));
        Self(Arc::new(Inner { store, most, kept, counting: Mutex::new(()), asked, networks }))
    }

    /// Takes room for so many bytes in a new row.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`] when a network has written too much, [`AppError::BenchFull`] when there is no room.
    pub async fn take(&self, caller: &Caller, bytes: usize) -> Result<(), AppError> {
        self.take_of_network(caller, bytes + ROW)?;
        let bytes = (bytes + ROW) as u64;
        if self.0.kept.fetch_add(bytes, Ordering::Relaxed) + bytes <= self.0.most {
            return Ok(());
        }
        // A value that replaces another was counted like a new one: the database says what there really is.
        if let Ok(_counting) = self.0.counting.try_lock() {
            self.count().await?;
        }
        if self.0.kept.load(Ordering::Relaxed) + bytes <= self.0.most { Ok(()) } else { Err(AppError::BenchFull) }
    }

    fn take_of_network(&self, caller: &Caller, bytes: usize) -> Result<(), AppError> {
        let networks = &self.0.networks;
        if self.0.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(FORGET_EVERY) {
            networks.retain_recent();
        }
        let network = caller.address.parse().map_or(Network::UNKNOWN, |ip| Network::of(ip).end_site());
        let pieces = u32::try_from(bytes.div_ceil(PIECE)).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX);
        match networks.check_key_n(&network, pieces) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(until)) => {
                let wait = until.wait_time_from(networks.clock().now()).as_secs();
                Err(AppError::TooManyAttempts(u32::try_from(wait).unwrap_or(u32::MAX).saturating_add(1)))
            }
            Err(_) => Err(AppError::TooLarge),
        }
    }

    /// Counts what is kept, as the database has it.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn count(&self) -> Result<u64, AppError> {
        let kept = self.0.store.count_bench_bytes(ROW).await?;
        self.0.kept.store(kept, Ordering::Relaxed);
        Ok(kept)
    }
}
