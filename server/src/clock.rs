//! The time, handed in so that tests can move it.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

/// Tells the time in UTC seconds.
pub trait Clock: Send + Sync {
    /// Seconds since 1970.
    fn now(&self) -> i64;

    /// Milliseconds since 1970, where the clock knows them.
    fn milliseconds(&self) -> i64 {
        self.now() * 1_000
    }
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        self.milliseconds() / 1_000
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn milliseconds(&self) -> i64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
    }
}

/// The machine's clock, set right by another that decides: by the database's, which several servers share.
#[derive(Default)]
pub struct Corrected {
    /// Milliseconds that the other is ahead.
    ahead: AtomicI64,
}

impl Corrected {
    /// Sets it by what the other clock shows at this moment; returns by how many seconds the machine's is ahead of that.
    pub fn correct(&self, other: i64) -> i64 {
        let ahead = other - SystemClock.now();
        // The other one counts whole seconds: what is less than two is no difference.
        self.ahead.store(if ahead.abs() < 2 { 0 } else { ahead * 1_000 }, Ordering::Relaxed);
        -ahead
    }
}

impl Clock for Corrected {
    fn now(&self) -> i64 {
        self.milliseconds() / 1_000
    }

    fn milliseconds(&self) -> i64 {
        SystemClock.milliseconds() + self.ahead.load(Ordering::Relaxed)
    }
}

/// A clock that is ahead of another.
pub struct Ahead {
    /// The other.
    pub clock: std::sync::Arc<dyn Clock>,
    /// By so many seconds.
    pub seconds: i64,
}

impl Clock for Ahead {
    fn now(&self) -> i64 {
        self.clock.now() + self.seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corrected_clock_shows_the_others_time() {
        let clock = Corrected::default();
        let now = SystemClock.now();
        assert!((86_399..=86_400).contains(&clock.correct(now - 86_400)), "the machine is ahead by a day");
        assert!((now - 86_400..now - 86_390).contains(&clock.now()));
        clock.correct(SystemClock.now());
        assert!((now..now + 10).contains(&clock.now()));
    }
}
