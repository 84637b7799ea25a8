//! Tells open pages that their session's values changed, or that their session ended.
//!
//! Each process has one [`Hub`]. On PostgreSQL the processes tell each other ([`relay`]). A notice says where to look and
//! never holds a value; whether a session still lives is asked of the database.

mod hub;
mod relay;

use app::sessions::SessionId;
pub use hub::Hub;
pub use relay::relay;

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
