//! What changes, and what an open page is told of it.

use app::sessions::SessionId;

/// A change that open pages may have to know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The values of this session changed.
    Values(SessionId),
    /// This session may have ended or gone on under another id.
    Session(SessionId),
    /// A session of this account may have ended.
    Account(i64),
    /// A change was missed, and nobody knows which.
    Unknown,
}

/// What a page is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The session's values changed.
    Values,
    /// The session has ended; nothing follows.
    Ended,
}

impl News {
    /// Its name in the event stream.
    pub fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Ended => "ended",
        }
    }
}
