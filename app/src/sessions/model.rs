//! A server session: the cookie that opens it, and what the server keeps for it.

use crate::{
    json::{FromJson, Value},
    wire::ReceivedCookie,
};
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

impl FromJson for SessionValue {
    fn from_json(json: &impl Value) -> Option<Self> {
        Some(Self { name: json.field("name")?, value: json.field("value")? })
    }
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

impl FromJson for SessionView {
    fn from_json(json: &impl Value) -> Option<Self> {
        Some(Self {
            id: json.field("id")?,
            username: json.field("username")?,
            expires_at: json.field("expires_at")?,
            values: json.field("values")?,
        })
    }
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

impl FromJson for Observation {
    fn from_json(json: &impl Value) -> Option<Self> {
        Some(Self {
            now: json.field("now")?,
            cookie_header_bytes: json.field("cookie_header_bytes")?,
            cookies: json.field("cookies")?,
            session: json.field("session")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tests::reads_what_serde_writes;

    #[test]
    fn an_observation_is_read_as_the_server_writes_it() {
        let session = SessionView {
            id: "id".into(),
            username: Some("Ada".into()),
            expires_at: 1_800_000_000,
            values: vec![SessionValue { name: "lab-a".into(), value: "</script>漢".into() }],
        };
        reads_what_serde_writes(&Observation {
            now: 1_700_000_000,
            cookie_header_bytes: 7,
            cookies: vec![ReceivedCookie { name: "lab-é".into(), bytes: 9 }],
            session: Some(session),
        });
    }
}
