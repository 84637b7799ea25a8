//! What both sides know of an account.

use crate::{
    AppError,
    json::{FromJson, Value},
    sessions::SessionValue,
};
use serde::{Deserialize, Serialize};

/// Fewest code points of a password (NIST SP 800-63B-4 §3.1.1.2, for a password that is the only factor).
pub const MIN_PASSWORD: usize = 15;
/// Most code points of a password.
pub const MAX_PASSWORD: usize = 128;

/// A username that keeps the rules: 3 to 64 ASCII letters, digits and `. _ - @ +`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Checks a typed name; spaces around it are dropped.
    ///
    /// # Errors
    /// [`AppError::InvalidUsername`] when it breaks a rule.
    pub fn parse(typed: &str) -> Result<Self, AppError> {
        let name = typed.trim();
        let legal = |c: char| c.is_ascii_alphanumeric() || "._-@+".contains(c);
        if (3..=64).contains(&name.len()) && name.chars().all(legal) {
            Ok(Self(name.to_owned()))
        } else {
            Err(AppError::InvalidUsername)
        }
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes it unique: `Ada` and `ada` are one name.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Who is logged in on this page, and until when. Times are UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedIn {
    /// As typed at sign-up.
    pub username: String,
    /// When the session ends if nothing more is asked of it.
    pub idle_end: i64,
    /// When the session ends whatever happens.
    pub end: i64,
    /// The server's time.
    pub now: i64,
}

impl FromJson for LoggedIn {
    fn from_json(json: &impl Value) -> Option<Self> {
        Some(Self {
            username: json.field("username")?,
            idle_end: json.field("idle_end")?,
            end: json.field("end")?,
            now: json.field("now")?,
        })
    }
}

/// What `/account` shows its owner. Times are UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Name and lifetime of this session.
    pub logged_in: LoggedIn,
    /// When the account was made.
    pub joined_at: i64,
    /// Where the account is logged in: this session first, then the one used last.
    pub sessions: Vec<OpenSession>,
    /// What happened to the account, the latest first.
    pub events: Vec<Event>,
}

/// One place where an account is logged in. Times are UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// The public half of its token: names the session, opens nothing.
    pub id: String,
    /// Browser and system in words: "Firefox on Linux".
    pub device: String,
    /// The network address of its last use; empty where it is unknown.
    pub address: String,
    /// When it began.
    pub first_seen: i64,
    /// When it was used last, to the minute.
    pub last_seen: i64,
    /// "Keep me logged in".
    pub kept: bool,
    /// Whether it is the session that asks.
    pub this_one: bool,
}

/// All that is kept of an account, for its owner to take along. Times are UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// When it was made.
    pub exported_at: i64,
    /// As typed at sign-up.
    pub username: String,
    /// When the account was made.
    pub joined_at: i64,
    /// Where the account is logged in.
    pub sessions: Vec<ExportedSession>,
    /// What happened to the account, the latest first.
    pub events: Vec<Event>,
    /// The experiments that were done, as `experiments::Progress` is written.
    pub progress: serde_json::Value,
}

/// A session with the values that the server keeps for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedSession {
    /// The session.
    pub session: OpenSession,
    /// Its values.
    pub values: Vec<SessionValue>,
}

/// Something that happened to an account, told to its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// UTC seconds.
    pub at: i64,
    /// What happened.
    pub kind: EventKind,
    /// How often, from the same browser and one soon after the other; `at` is the last time.
    pub times: i64,
    /// Browser and system in words.
    pub device: String,
    /// The network address it came from; empty where it is unknown.
    pub address: String,
}

/// How good a password is that is being chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strength {
    /// From 0, which is refused, to [`Strength::STRONGEST`].
    pub level: u8,
    /// For whoever chooses it: "Weak. Avoid repeated words and characters."
    pub words: String,
}

impl Strength {
    /// The end of the meter.
    pub const STRONGEST: u8 = 4;
}

/// What can happen to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The account was made.
    SignedUp,
    /// A log-in.
    LoggedIn,
    /// A log-in with a wrong password.
    LogInFailed,
    /// A log-out.
    LoggedOut,
    /// The password was confirmed in the middle of a session.
    Confirmed,
    /// A wrong password where the account's owner was asked for it.
    ConfirmFailed,
    /// Another session was ended from the account page.
    SessionEnded,
    /// All other sessions were ended.
    OthersEnded,
    /// A new password.
    PasswordChanged,
    /// A new password by a link from the operator.
    PasswordReset,
    /// The account's data were downloaded.
    Exported,
    /// An operator ended the account's sessions.
    RevokedByOperator,
    /// An operator made a link for a new password.
    ResetByOperator,
    /// An operator closed the account for log-ins.
    DisabledByOperator,
    /// An operator opened it again.
    EnabledByOperator,
}

impl EventKind {
    /// Every kind with its word in the database and in the log, and its words on the page.
    const ALL: [(Self, &'static str, &'static str); 15] = [
        (Self::SignedUp, "signed_up", "Account made"),
        (Self::LoggedIn, "logged_in", "Logged in"),
        (Self::LogInFailed, "log_in_failed", "Wrong password at log-in"),
        (Self::LoggedOut, "logged_out", "Logged out"),
        (Self::Confirmed, "confirmed", "Password confirmed"),
        (Self::ConfirmFailed, "confirm_failed", "Wrong password where it was asked for"),
        (Self::SessionEnded, "session_ended", "Another session ended"),
        (Self::OthersEnded, "others_ended", "All other sessions ended"),
        (Self::PasswordChanged, "password_changed", "Password changed"),
        (Self::PasswordReset, "password_reset", "New password set by the operator’s link"),
        (Self::Exported, "exported", "Data exported"),
        (Self::RevokedByOperator, "revoked_by_operator", "Sessions ended by the operator"),
        (Self::ResetByOperator, "reset_by_operator", "Link for a new password made by the operator"),
        (Self::DisabledByOperator, "disabled_by_operator", "Account closed by the operator"),
        (Self::EnabledByOperator, "enabled_by_operator", "Account opened by the operator"),
    ];

    /// Whether one that soon follows another of its kind is counted to it: what can be made at will would else bury the rest.
    pub fn is_folded(self) -> bool {
        matches!(self, Self::LogInFailed | Self::ConfirmFailed | Self::Confirmed | Self::Exported)
    }

    /// Its word in the database and in the log: `logged_in`.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, word, _)| word)
    }

    /// Reads [`EventKind::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map(|(kind, ..)| *kind)
    }

    /// For the owner: "Logged in".
    pub fn title(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(.., title)| title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tests::reads_what_serde_writes;

    #[test]
    fn who_is_logged_in_is_read_as_the_server_writes_it() {
        reads_what_serde_writes(&LoggedIn { username: "Ada".into(), idle_end: 1, end: 2, now: -3 });
    }

    #[test]
    fn a_username_keeps_its_spelling_and_is_unique_without_case() {
        let name = Username::parse("  Ada.Lovelace ").expect("legal");
        assert_eq!(name.as_str(), "Ada.Lovelace");
        assert_eq!(name.key(), "ada.lovelace");
    }

    #[test]
    fn an_illegal_username_is_refused() {
        for typed in ["", "ab", "a b c", "<script>", "ädä", &"x".repeat(65), "a\nbc"] {
            assert_eq!(Username::parse(typed), Err(AppError::InvalidUsername), "{typed:?}");
        }
    }
}
