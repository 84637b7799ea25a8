//! A session's life as an open page knows it: when a warning is due before it ends.

use super::LoggedIn;

/// The shortest and the longest warning, in seconds; between them it is a fifth of the session's idle time.
const WARNING: (i64, i64) = (10, 120);

/// What is to be said about the session's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// Nothing.
    None,
    /// It ends in so many seconds if nothing is asked of the server.
    IdleEnd(i64),
    /// It ends in so many seconds whatever happens.
    End(i64),
    /// It has ended, and not by this tab.
    Gone,
    /// It has not even begun for this browser, which kept no cookie of the log-in.
    Unkept,
}

/// When the session ends, as of the server's last answer. Times are UTC seconds by the server's clock.
#[derive(Clone, Copy)]
pub(super) struct Life {
    idle_end: i64,
    end: i64,
    now: i64,
    /// The longest time that was ever left to it: about its idle timeout.
    span: i64,
}

impl Life {
    /// Reads an answer; `before` is what was known of the same session.
    pub fn new(seen: &LoggedIn, before: Option<Self>) -> Self {
        let &LoggedIn { idle_end, end, now, .. } = seen;
        Self { idle_end, end, now, span: before.map_or(0, |before| before.span).max(idle_end - now) }
    }

    /// What is to be said so many seconds after the answer.
    pub fn notice(self, later: i64) -> Notice {
        let left = (self.idle_end.min(self.end) - self.now - later).max(0);
        if left > (self.span / 5).clamp(WARNING.0, WARNING.1) {
            Notice::None
        } else if self.end <= self.idle_end {
            Notice::End(left)
        } else {
            Notice::IdleEnd(left)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(idle_left: i64, left: i64) -> Life {
        let seen = LoggedIn { username: "Ada".to_owned(), idle_end: 1_000 + idle_left, end: 1_000 + left, now: 1_000 };
        Life::new(&seen, None)
    }

    #[test]
    fn a_session_of_half_an_hour_is_warned_of_two_minutes_before_its_end() {
        let half_an_hour = life(1_800, 43_200);
        assert_eq!(half_an_hour.notice(1_679), Notice::None);
        assert_eq!(half_an_hour.notice(1_680), Notice::IdleEnd(120));
        assert_eq!(half_an_hour.notice(1_900), Notice::IdleEnd(0));
    }

    #[test]
    fn a_short_session_is_warned_of_ten_seconds_before_its_end() {
        assert_eq!(life(30, 43_200).notice(19), Notice::None);
        assert_eq!(life(30, 43_200).notice(20), Notice::IdleEnd(10));
    }

    #[test]
    fn what_ends_in_any_case_cannot_be_prolonged() {
        assert_eq!(life(100, 100).notice(95), Notice::End(5));
    }

    #[test]
    fn the_warning_is_as_long_when_little_was_left_already() {
        let seen = LoggedIn { username: "Ada".to_owned(), idle_end: 1_300, end: 9_000, now: 1_250 };
        assert_eq!(Life::new(&seen, Some(life(300, 9_000))).notice(0), Notice::IdleEnd(50));
        assert_eq!(Life::new(&seen, None).notice(0), Notice::None);
    }
}
