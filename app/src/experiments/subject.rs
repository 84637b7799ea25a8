//! What the lab's endpoints for throw-away accounts and secrets answer: the same types on both sides.
//!
//! A subject is an account of the real kind in the real database, made for one run of an experiment. Whoever knows its
//! id may use it; it is gone after an hour at the latest.

use serde::{Deserialize, Serialize};

/// A throw-away account, as it was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// 128 random bits that open everything below `/lab/subject`.
    pub id: String,
    /// Its name: `lab-…`.
    pub username: String,
    /// Its password, drawn at random.
    pub password: String,
}

/// Its row in the table `users`. Times are UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// Key.
    pub id: i64,
    /// As typed at sign-up.
    pub username: String,
    /// PHC string.
    pub password_hash: String,
    /// When it signed up.
    pub created_at: i64,
}

/// A row of the table `sessions`. Times are UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// The token's public half.
    pub id: String,
    /// SHA-256 of its secret half, in hexadecimal digits.
    pub secret_hash: String,
    /// Whose it is; `None` for an anonymous one.
    pub user_id: Option<i64>,
    /// When it was seen first.
    pub created_at: i64,
    /// When it was used last, to the minute.
    pub last_seen_at: i64,
    /// When it ends without a further request.
    pub expires_at: i64,
    /// When it ends in any case.
    pub ends_at: i64,
}

/// All that the database keeps of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Of the table `users`.
    pub user: UserRow,
    /// Of the table `sessions`.
    pub sessions: Vec<SessionRow>,
}

/// A token that was just handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// As the cookie would hold it.
    pub token: String,
    /// The `Set-Cookie` line that a log-in would be answered with.
    pub line: String,
}

/// Whom a token stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    /// `None` for an anonymous session.
    pub username: Option<String>,
    /// Its row.
    pub session: SessionRow,
    /// The server's time at the look, UTC seconds; later than now where it was asked to be.
    pub now: i64,
}

/// A log-in that was tried and refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The status that it was answered with.
    pub status: u16,
    /// How long the server worked on it, in microseconds.
    pub micros: u64,
}

/// A password that was just hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// PHC string.
    pub phc: String,
    /// How long the server worked on it, in microseconds.
    pub micros: u64,
    /// Memory that it took, in KiB.
    pub memory_kib: u32,
}

/// Most memory that a password is hashed with on request, in KiB.
pub const HASH_MEMORY_LIMIT_KIB: u32 = 65_536;
/// Most passes over it.
pub const HASH_ITERATIONS_LIMIT: u32 = 6;

/// A sealed value that was opened, or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// What was sealed; `None` where none of the keys opens it.
    pub value: Option<String>,
    /// The key that opened it, by its number.
    pub key: Option<u8>,
}
