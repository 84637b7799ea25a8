//! A server session: the cookie that opens it, and what the server keeps for it.

use crate::wire::ReceivedCookie;
use serde::{Deserialize, Serialize};

/// The cookie that carries the session token. The prefix makes the browser insist on `Secure`, `Path=/` and no
/// `Domain` (RFC 6265bis §4.1.3.2).
pub const SESSION_COOKIE: &str = "__Host-session";
/// Most bytes, names and values in UTF-8, that the server keeps for one session.
pub const SESSION_LIMIT_BYTES: u32 = 65_536;
/// Most bytes of one name in a server session.
pub const SESSION_NAME_LIMIT_BYTES: usize = 256;

/// A value that the server keeps for a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionValue {
    /// Its name.
    pub name: String,
    /// The value itself.
    pub value: String,
}

/// What an editor saw before it writes: where the server holds something else by now, nothing is written. In a form
/// `expected=nothing` or `expected[value]=…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// There was no value of this name.
    Nothing,
    /// There was this value.
    Value(String),
}

/// A session as the server holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// The public half of the token, all that names the session.
    pub id: String,
    /// The user it belongs to; `None` while it is anonymous.
    pub username: Option<String>,
    /// When it ends if nothing more is asked of it, UTC seconds.
    pub expires_at: i64,
    /// The values kept on the server.
    pub values: Vec<SessionValue>,
}

/// What the server saw of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The server's time, UTC seconds.
    pub now: i64,
    /// Bytes of the request's `Cookie` header, its name included.
    pub cookie_header_bytes: u32,
    /// The cookies in the order in which they arrived.
    pub cookies: Vec<ReceivedCookie>,
    /// The session, where there is one.
    pub session: Option<SessionView>,
}
