//! What the server does every minute: it sets its clock, sweeps away what has ended, and counts.

use crate::{
    accounts::{self, Hasher},
    bench::{self, Allowance},
    clock::{Clock, Corrected},
    counters, experiments,
    http::Measured,
    metrics,
    sessions::{self, Sessions},
    store::{Store, StoreError},
};
use app::AppError;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time;

const EVERY: Duration = Duration::from_secs(60);
/// The most by which two clocks may differ while something is swept away, in seconds.
pub(crate) const CLOCKS_DIFFER_BY: i64 = 60;
/// After a clock was set nothing is swept away for so long: it may be set back.
const REST_AFTER_JUMP: Duration = Duration::from_secs(10 * 60);

/// Rows of one kind that are swept away at once.
const SWEEP_BATCH: i64 = 500;
/// After each batch the sweep rests this many times as long as the batch took.
const SWEEP_PAUSES: u32 = 3;

/// The parts of the server that need upkeep.
pub struct Upkeep {
    /// Its living sessions are counted.
    pub sessions: Sessions,
    /// It is swept. On PostgreSQL its clock is the one that counts.
    pub store: Store,
    /// It learns what stored hashes cost.
    pub hasher: Hasher,
    /// It counts what is kept for the bench.
    pub allowance: Allowance,
    /// The server's clock.
    pub clock: Arc<Corrected>,
}

impl Upkeep {
    /// Does the upkeep every minute, for as long as the server runs.
    pub async fn go_on(self, Measured(measured): Measured) {
        let mut every = time::interval(EVERY);
        let mut steady = Steady::default();
        loop {
            every.tick().await;
            match self.do_once(&mut steady).await {
                Ok(0) => {}
                Ok(swept) => tracing::info!(swept, "what has ended was swept away"),
                Err(error) => tracing::warn!(%error, "the upkeep failed and is tried again"),
            }
            if measured && let Ok(count) = self.sessions.count().await {
                metrics::sessions_active(count);
            }
        }
    }

    /// Sweeps, where the clocks allow it; returns how many rows went.
    async fn do_once(&self, steady: &mut Steady) -> Result<u64, AppError> {
        self.hasher.know_costs(&self.store.count_costs().await?);
        metrics::bench_bytes(self.allowance.count().await?);
        let ahead = match self.store.now().await? {
            Some(now) => self.clock.correct(now),
            None => 0,
        };
        metrics::clock_ahead(ahead);
        if !may_sweep(ahead) || !steady.is(self.clock.now(), Instant::now()) {
            return Ok(0);
        }
        Ok(sweep(&self.store, self.clock.now()).await?)
    }
}

/// Deletes what has ended or is too old, in small batches with pauses, so that no request waits for it; returns how many rows
/// went.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn sweep(store: &Store, now: i64) -> Result<u64, StoreError> {
    let mut swept = 0;
    loop {
        let began = Instant::now();
        let deleted = sessions::sweep(store, now, SWEEP_BATCH).await?
            + accounts::sweep(store, now, SWEEP_BATCH).await?
            + counters::sweep(store, now, SWEEP_BATCH).await?
            + bench::sweep(store, now, SWEEP_BATCH).await?
            + experiments::sweep(store, now, SWEEP_BATCH).await?;
        if deleted == 0 {
            store.give_back_space().await?;
            return Ok(swept);
        }
        swept += deleted;
        time::sleep(began.elapsed() * SWEEP_PAUSES).await;
    }
}

/// Whether a server may sweep whose machine's clock is ahead of the database's by so many seconds. It counts by the database's
/// clock in any case; but a machine that is so far off may be wrong about more.
fn may_sweep(ahead: i64) -> bool {
    let may = ahead.abs() <= CLOCKS_DIFFER_BY;
    if !may {
        tracing::warn!(ahead, "this machine's clock differs from the database's: nothing is swept away. Set it right.");
    }
    may
}

/// Tells whether a clock was set, or runs as time passes.
#[derive(Default)]
struct Steady {
    last: Option<(i64, Instant)>,
    rest_until: Option<Instant>,
}

impl Steady {
    /// Whether the clock was not set since the last call, nor within 10 minutes before it. It shows `now` at the `moment`.
    fn is(&mut self, now: i64, moment: Instant) -> bool {
        if let Some((then, earlier)) = self.last.replace((now, moment)) {
            let passed = i64::try_from(moment.duration_since(earlier).as_secs()).unwrap_or(i64::MAX);
            let ahead = now - then - passed;
            if ahead.abs() > CLOCKS_DIFFER_BY {
                tracing::warn!(ahead, "the clock was set: nothing is swept away for 10 minutes");
                self.rest_until = Some(moment + REST_AFTER_JUMP);
            }
        }
        self.rest_until.is_none_or(|until| moment >= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn a_server_whose_clock_is_more_than_a_minute_off_sweeps_nothing() {
        assert!(may_sweep(0) && may_sweep(60) && may_sweep(-60));
        assert!(!may_sweep(61) && !may_sweep(-61) && !may_sweep(86_400));
    }

    #[rstest]
    #[case::a_day_ahead(86_400)]
    #[case::a_day_back(-86_400)]
    fn after_a_jump_of_the_clock_nothing_is_swept_for_ten_minutes(#[case] jump: i64) {
        let (mut steady, start) = (Steady::default(), Instant::now());
        let mut at = |seconds: u32, now: i64| steady.is(now, start + Duration::from_secs(seconds.into()));
        assert!(at(0, 1_000) && at(60, 1_060));
        assert!(!at(120, 1_120 + jump) && !at(719, 1_719 + jump));
        assert!(at(720, 1_720 + jump), "then it counts as right");
        assert!(!at(780, 1_780), "and so does setting it back");
    }
}
