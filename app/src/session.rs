//! The session cookie, by the name that both sides know, and a session that the server has issued.

#[cfg(feature = "ssr")]
mod issued;

#[cfg(feature = "ssr")]
pub use issued::{IssuedSession, SessionId, removal_line, removal_line_of_partitioned};

/// The cookie that carries the session token. The prefix makes the browser insist on `Secure`, `Path=/` and no
/// `Domain` (RFC 6265bis §4.1.3.2).
pub const SESSION_COOKIE: &str = "__Host-session";
