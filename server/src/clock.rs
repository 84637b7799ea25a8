//! Clocks. The server gets its clock from outside, so that tests can move the time.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

/// Tells the time in UTC seconds.
pub trait Clock: Send + Sync {
    /// Seconds since 1970.
    fn now(&self) -> i64;

    /// Milliseconds since 1970, where the clock counts them.
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

/// The machine's clock, corrected by the database's clock, which several servers share.
#[derive(Default)]
pub struct Corrected {
    /// Milliseconds by which the database's clock is ahead.
    ahead: AtomicI64,
}

impl Corrected {
    /// Corrects it by the time that the other clock shows now, in UTC seconds; returns by how many seconds the machine's clock
    /// is ahead of the other.
    pub fn correct(&self, other: i64) -> i64 {
        let ahead = other - SystemClock.now();
        // The other clock counts whole seconds: less than two seconds are no difference.
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
    /// The other clock.
    pub clock: std::sync::Arc<dyn Clock>,
    /// How many seconds it is ahead.
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
