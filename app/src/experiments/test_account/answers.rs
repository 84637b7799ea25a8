//! What the lab's endpoints for throw-away accounts and secrets answer: the same types on both sides.
//!
//! A subject is an account of the real kind in the real database, made for one run of an experiment. Whoever knows its
//! id may use it; it is gone after an hour at the latest.

use crate::sessions::SessionValue;
use serde::{Deserialize, Serialize};

/// A throw-away account, as it was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// 128 random bits that open everything below `/lab/subject`.
    pub id: String,
    /// Its name: `lab-…`.
    pub username: String,
    /// Its password, drawn at random; empty where it is the visitor's own, which is not sent back.
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

/// What stands for a secret.
pub const MASK: &str = "••••••••";

impl Rows {
    /// The same without salts and hashes: of a password's the algorithm and its cost are left.
    #[must_use]
    pub fn masked(mut self) -> Self {
        let cost = self.user.password_hash.split('$').take(4).collect::<Vec<_>>().join("$");
        self.user.password_hash = format!("{cost}${MASK}${MASK}");
        for session in &mut self.sessions {
            MASK.clone_into(&mut session.secret_hash);
        }
        self
    }
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
    /// The variables that it holds.
    pub values: Vec<SessionValue>,
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

/// How another site made the browser send a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forged {
    /// An image that is not one.
    Image,
    /// A `POST` by a script.
    Script,
    /// A link that was followed.
    Link,
    /// A form that was sent.
    Form,
}

impl Forged {
    /// As addresses spell it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Script => "script",
            Self::Link => "link",
            Self::Form => "form",
        }
    }
}

/// A request that came to one of the two targets of the forgery experiment, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// How it was made, as it says itself.
    pub how: Forged,
    /// Whether the address is guarded, as all but one are.
    pub guarded: bool,
    /// `GET` or `POST`.
    pub method: String,
    /// `Origin`.
    pub origin: Option<String>,
    /// `Sec-Fetch-Site`.
    pub fetch_site: Option<String>,
    /// `Sec-Fetch-Mode`.
    pub fetch_mode: Option<String>,
    /// The names of the lab's cookies that came along.
    pub cookies: Vec<String>,
    /// What it was answered with.
    pub status: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_rows_tell_the_cost_of_a_hash_and_nothing_of_it() {
        let user = UserRow {
            id: 1,
            username: "ada".into(),
            password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".into(),
            created_at: 0,
        };
        let session = SessionRow {
            id: "id".into(),
            secret_hash: "00ff".into(),
            user_id: Some(1),
            created_at: 0,
            last_seen_at: 0,
            expires_at: 0,
            ends_at: 0,
        };
        let Rows { user, sessions } = Rows { user, sessions: vec![session] }.masked();
        assert_eq!(user.password_hash, "$argon2id$v=19$m=19456,t=2,p=1$••••••••$••••••••");
        assert_eq!(sessions[0].secret_hash, MASK);
    }
}
