//! The time, handed in so that tests can move it.

use std::time::{SystemTime, UNIX_EPOCH};

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
