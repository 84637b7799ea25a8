//! The one error that crosses the wire: a closed list without free text, so that a crafted link or answer cannot put
//! words into a page. What went wrong inside the server is in its log, never here.

use leptos::{
    prelude::FromServerFnError,
    server_fn::{Bytes, ContentType, Decodes, Encodes, FormatType, error::ServerFnErrorErr},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::convert::Infallible;

/// Everything that a server function can refuse. On the wire: `{"error":"wrong_credentials"}`, and `"wait"` in seconds where
/// waiting helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// Unknown user or wrong password: one answer for both (OWASP ASVS 6.3.8).
    #[error("That username and password do not go together. Check both and try again.")]
    WrongCredentials,
    /// Too many wrong passwords from there or for that account; the seconds to wait (RFC 9110 §10.2.3, `Retry-After`).
    #[error("Too many attempts. Wait {} and try again.", crate::words::in_words((*.0).into()))]
    TooManyAttempts(u32),
    /// The password that confirms who is asking is wrong.
    #[error("That is not your current password. Check it and try again.")]
    WrongPassword,
    /// The code of a link for a new password is unknown, used or out of date.
    #[error("That code is wrong, used or out of date. Ask the operator for a new link.")]
    WrongCode,
    /// What was asked needs a password confirmed a short while ago (OWASP ASVS 7.5.2).
    #[error("Confirm your password first.")]
    ConfirmFirst,
    /// There is no live session with a user behind this request.
    #[error("You are not logged in. Log in and come back.")]
    NotLoggedIn,
    /// Somebody else has this username.
    #[error("That username is taken. Choose another.")]
    UsernameTaken,
    /// The username breaks [`crate::accounts::Username::parse`]'s rule.
    #[error("A username has 3 to 64 characters: letters, digits and . _ - @ +")]
    InvalidUsername,
    /// Fewer code points than NIST SP 800-63B-4 asks of a password that stands alone.
    #[error("That password is too short: use at least 15 characters. Four unrelated words make a good one.")]
    PasswordTooShort,
    /// More code points than the server takes.
    #[error("That password is too long: use at most 128 characters.")]
    PasswordTooLong,
    /// Without the username it is no password any more.
    #[error("That password is too weak without your username in it. Add several unrelated words.")]
    PasswordHoldsUsername,
    /// Without this site's name it is no password any more (OWASP ASVS 6.2.11).
    #[error("That password is too weak without this site's name in it. Add several unrelated words.")]
    PasswordHoldsSiteName,
    /// The password is a short piece over and over, or a row of keys.
    #[error("That password repeats itself or follows the keys, so it is soon guessed. Use several unrelated words.")]
    PasswordRepeats,
    /// The password is on the list of those found in breaches (OWASP ASVS 6.2.4, 6.2.12).
    #[error(
        "That password is known from breaches elsewhere and is tried first. Use several unrelated words of your own."
    )]
    PasswordCommon,
    /// The password holds a code point that Unicode has not assigned: it would not stay the same password.
    #[error(
        "That password holds characters that have no meaning yet. Use letters, digits, signs and spaces that you can type."
    )]
    PasswordUnassigned,
    /// The new password is the current one.
    #[error("That is the password you have now. Choose another one.")]
    PasswordUnchanged,
    /// The server keeps as much for the bench as it may ([`crate::bench`]).
    #[error("The server keeps nothing more for the bench at the moment. What is there stays; try again in an hour.")]
    BenchFull,
    /// A name that a server session does not take.
    #[error("The server takes names of 1 to 256 bytes without control characters.")]
    InvalidName,
    /// The session's values would exceed [`crate::bench::SESSION_LIMIT_BYTES`].
    #[error("The server keeps at most 65,536 bytes for one session. Delete something first.")]
    SessionFull,
    /// Another value is there than the one that was edited: nothing was written.
    #[error("It was changed meanwhile. Look at the new value and try again.")]
    Changed,
    /// A cookie that the lab does not set.
    #[error("The lab sets only cookies that it may name: lab-…, with or without a prefix such as __Host-.")]
    NotALabName,
    /// The trial has ended, or was never there.
    #[error("There is no such trial: it has ended, or its link is not whole. Start a new one.")]
    NoSuchTrial,
    /// The throw-away account has ended, or was never there.
    #[error("The throw-away account is gone. Run the experiment again.")]
    NoSuchSubject,
    /// The run on the other site has ended, or was never registered.
    #[error("This run has ended, or was never begun here. Run the experiment again.")]
    NoSuchRun,
    /// More than the server takes in one request.
    #[error("That is more than the server takes in one request. Make it shorter.")]
    TooLarge,
    /// The request's token opens nothing: its session ended, or another tab has just been given a new token.
    #[error("This session has ended. Try again.")]
    SessionEnded,
    /// The request could not be read as this function's fields.
    #[error("The server could not read that request. Reload the page and try again.")]
    BadRequest,
    /// More work is waiting than the server lets wait.
    #[error("The server is busy. Wait a moment and try again.")]
    Busy,
    /// The database does not answer.
    #[error("The server cannot reach its database at the moment. Try again shortly.")]
    Unavailable,
    /// A fault of ours; its cause is in the server's log.
    #[error("Something went wrong on the server. Try again.")]
    Internal,
    /// Only made in the browser: no answer came.
    #[error("The server did not answer. Check the connection and try again.")]
    Unreachable,
}

/// The part of a form that an error speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The field "Username".
    Username,
    /// The field "Password", or "New password".
    Password,
    /// The field "Current password".
    CurrentPassword,
    /// The field "Code".
    Code,
    /// No field in particular.
    Form,
}

impl AppError {
    /// Every error once; one that waits, with no wait.
    pub const ALL: [Self; 31] = [
        Self::WrongCredentials,
        Self::TooManyAttempts(0),
        Self::WrongPassword,
        Self::WrongCode,
        Self::ConfirmFirst,
        Self::NotLoggedIn,
        Self::UsernameTaken,
        Self::InvalidUsername,
        Self::PasswordTooShort,
        Self::PasswordTooLong,
        Self::PasswordHoldsUsername,
        Self::PasswordHoldsSiteName,
        Self::PasswordRepeats,
        Self::PasswordCommon,
        Self::PasswordUnassigned,
        Self::PasswordUnchanged,
        Self::BenchFull,
        Self::InvalidName,
        Self::SessionFull,
        Self::Changed,
        Self::NotALabName,
        Self::NoSuchTrial,
        Self::NoSuchSubject,
        Self::NoSuchRun,
        Self::TooLarge,
        Self::SessionEnded,
        Self::BadRequest,
        Self::Busy,
        Self::Unavailable,
        Self::Internal,
        Self::Unreachable,
    ];

    /// The HTTP status that answers with this error, and its word on the wire and in links.
    const fn spelling(self) -> (u16, &'static str) {
        match self {
            Self::WrongCredentials => (401, "wrong_credentials"),
            Self::NotLoggedIn => (401, "not_logged_in"),
            Self::ConfirmFirst => (403, "confirm_first"),
            Self::NoSuchTrial => (404, "no_such_trial"),
            Self::NoSuchSubject => (404, "no_such_subject"),
            Self::NoSuchRun => (404, "no_such_run"),
            Self::UsernameTaken => (409, "username_taken"),
            Self::SessionEnded => (409, "session_ended"),
            Self::Changed => (409, "changed"),
            Self::TooLarge => (413, "too_large"),
            Self::InvalidUsername => (422, "invalid_username"),
            Self::PasswordTooShort => (422, "password_too_short"),
            Self::PasswordTooLong => (422, "password_too_long"),
            Self::PasswordHoldsUsername => (422, "password_holds_username"),
            Self::PasswordHoldsSiteName => (422, "password_holds_site_name"),
            Self::PasswordRepeats => (422, "password_repeats"),
            Self::PasswordCommon => (422, "password_common"),
            Self::PasswordUnassigned => (422, "password_unassigned"),
            Self::PasswordUnchanged => (422, "password_unchanged"),
            Self::InvalidName => (422, "invalid_name"),
            Self::SessionFull => (422, "session_full"),
            Self::NotALabName => (422, "not_a_lab_name"),
            Self::BadRequest => (422, "bad_request"),
            Self::WrongPassword => (422, "wrong_password"),
            Self::WrongCode => (422, "wrong_code"),
            Self::TooManyAttempts(_) => (429, "too_many_attempts"),
            Self::Internal => (500, "internal"),
            Self::Busy => (503, "busy"),
            Self::Unavailable => (503, "unavailable"),
            Self::Unreachable => (503, "unreachable"),
            Self::BenchFull => (507, "bench_full"),
        }
    }

    /// The HTTP status that answers with this error.
    pub fn status(self) -> u16 {
        self.spelling().0
    }

    /// The word for this error: `wrong_credentials`.
    pub fn code(self) -> &'static str {
        self.spelling().1
    }

    /// Reads [`AppError::code`]; anything else is no error at all.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.code() == code)
    }

    /// How long to wait before trying again, in seconds.
    pub fn wait(self) -> Option<u32> {
        match self {
            Self::TooManyAttempts(seconds) => Some(seconds),
            Self::Busy | Self::Unavailable => Some(2),
            _ => None,
        }
    }

    /// The same error with another waiting time, where it has one of its own.
    #[must_use]
    pub fn with_wait(self, seconds: u32) -> Self {
        match self {
            Self::TooManyAttempts(_) => Self::TooManyAttempts(seconds),
            error => error,
        }
    }

    /// As it crosses the wire.
    pub fn to_wire(self) -> String {
        match self {
            Self::TooManyAttempts(seconds) => format!("{WIRE_START}{}{WIRE_WAIT}{seconds}}}", self.code()),
            error => format!("{WIRE_START}{}{WIRE_END}", error.code()),
        }
    }

    /// Reads what [`AppError::to_wire`] spells, and no other spelling.
    pub fn from_wire(wire: &str) -> Option<Self> {
        let rest = wire.strip_prefix(WIRE_START)?;
        let error = match rest.split_once(WIRE_WAIT) {
            Some((code, wait)) => Self::from_code(code)?.with_wait(wait.strip_suffix('}')?.parse().ok()?),
            None => Self::from_code(rest.strip_suffix(WIRE_END)?)?,
        };
        (error.to_wire() == wire).then_some(error)
    }

    /// Where a form shows this error.
    pub fn field(self) -> Field {
        match self {
            Self::UsernameTaken | Self::InvalidUsername => Field::Username,
            Self::PasswordTooShort
            | Self::PasswordTooLong
            | Self::PasswordHoldsUsername
            | Self::PasswordHoldsSiteName
            | Self::PasswordRepeats
            | Self::PasswordCommon
            | Self::PasswordUnassigned
            | Self::PasswordUnchanged => Field::Password,
            Self::WrongPassword => Field::CurrentPassword,
            Self::WrongCode => Field::Code,
            _ => Field::Form,
        }
    }
}

const WIRE_START: &str = r#"{"error":""#;
const WIRE_END: &str = r#""}"#;
const WIRE_WAIT: &str = r#"","wait":"#;

/// Within other data the error is the text that it is by itself on the wire: one reader for both.
impl Serialize for AppError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_wire())
    }
}

impl<'de> Deserialize<'de> for AppError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = String::deserialize(deserializer)?;
        Self::from_wire(&wire).ok_or_else(|| serde::de::Error::custom("no error of this app"))
    }
}

/// How the error is written into an answer: `{"error":"wrong_credentials"}`.
pub struct ErrorEncoding;

impl ContentType for ErrorEncoding {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for ErrorEncoding {
    const FORMAT_TYPE: leptos::server_fn::Format = leptos::server_fn::Format::Text;
}

impl Encodes<AppError> for ErrorEncoding {
    type Error = Infallible;

    fn encode(error: &AppError) -> Result<Bytes, Infallible> {
        Ok(error.to_wire().into())
    }
}

impl Decodes<AppError> for ErrorEncoding {
    type Error = Infallible;

    /// An answer that is none of ours, a proxy's perhaps, is a fault without a name.
    fn decode(wire: Bytes) -> Result<AppError, Infallible> {
        let error = std::str::from_utf8(&wire).ok().and_then(AppError::from_wire);
        Ok(error.unwrap_or(AppError::Internal))
    }
}

impl FromServerFnError for AppError {
    type Encoder = ErrorEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::BadRequest,
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_reads_back_from_the_wire_as_itself() {
        for error in AppError::ALL {
            assert_eq!(AppError::from_wire(&error.to_wire()), Some(error));
        }
        assert_eq!(AppError::WrongCredentials.to_wire(), r#"{"error":"wrong_credentials"}"#);
        let wait = AppError::TooManyAttempts(90);
        assert_eq!(wait.to_wire(), r#"{"error":"too_many_attempts","wait":90}"#);
        assert_eq!(AppError::from_wire(&wait.to_wire()), Some(wait));
        assert_eq!(wait.to_string(), "Too many attempts. Wait 1 min 30 s and try again.");
    }

    #[test]
    fn an_error_within_other_data_reads_back_as_itself() {
        for error in [AppError::Busy, AppError::TooManyAttempts(90)] {
            let outcome: Result<(), AppError> = Err(error);
            let json = serde_json::to_string(&outcome).unwrap();
            assert_eq!(serde_json::from_str::<Result<(), AppError>>(&json).unwrap(), outcome);
        }
        assert!(serde_json::from_str::<AppError>("\"busy\"").is_err());
    }

    #[test]
    fn a_made_up_code_is_no_error() {
        assert_eq!(AppError::from_code("<b>you won</b>"), None);
        assert_eq!(AppError::from_code(""), None);
    }
}
