//! What the server tells of a request and its answer. Values that are secrets never leave the server: they are masked
//! before an [`Exchange`] is made.

use crate::bench::ReceivedCookie;
use serde::{Deserialize, Serialize};

/// The request header by which a page's scripts say whose record a request belongs to.
pub const PAGE_HEADER: &str = "lab-page";

/// A request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The request's id in the server's log, and in the answer's `x-request-id`.
    pub id: String,
    /// When the request's head was there, UTC milliseconds.
    pub at: i64,
    /// `GET`, `POST` …
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// `HTTP/1.1`, `HTTP/2.0` …
    pub version: String,
    /// The answer's status.
    pub status: u16,
    /// The request's header fields, in the order in which the server holds them.
    pub request: Vec<HeaderField>,
    /// The answer's header fields, all that are sent.
    pub response: Vec<HeaderField>,
    /// Bytes of the request's body, where it said so.
    pub request_body: Option<u64>,
    /// Bytes of the answer's body as it was sent, compressed where it was; `None` while it is being sent.
    pub response_body: Option<u64>,
    /// From the request's head to the answer's head, in microseconds.
    pub took_us: u32,
}

/// A header field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderField {
    /// Its name in small letters.
    pub name: String,
    /// Its value; empty for `Cookie`, masked where it is a secret.
    pub value: String,
    /// What HTTP/1.1 sends for it: the true value with name, colon, space and line end.
    pub bytes: u32,
    /// For the request's `Cookie` header: what it carried.
    pub cookies: Vec<ReceivedCookie>,
}

/// One request as the server received it: the answer of `/lab/echo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// `GET` or `POST`.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Its header fields.
    pub fields: Vec<HeaderField>,
    /// The cookies of all its `Cookie` headers, in the order in which they arrived.
    pub cookies: Vec<ReceivedCookie>,
}

/// The cookies in one `Cookie` header (RFC 6265bis §4.2.1), without their values.
pub fn received_cookies(header: &[u8]) -> impl Iterator<Item = ReceivedCookie> + '_ {
    header.split(|byte| *byte == b';').filter_map(received_cookie)
}

fn received_cookie(pair: &[u8]) -> Option<ReceivedCookie> {
    let pair = pair.trim_ascii();
    let equals = pair.iter().position(|byte| *byte == b'=');
    let (name, value) = equals.map_or((&b""[..], pair), |at| (&pair[..at], &pair[at + 1..]));
    let bytes = u32::try_from(name.len() + value.len()).unwrap_or(u32::MAX);
    (bytes > 0).then(|| ReceivedCookie { name: String::from_utf8_lossy(name).into_owned(), bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Vec<(String, u32)> {
        received_cookies(header.as_bytes()).map(|cookie| (cookie.name, cookie.bytes)).collect()
    }

    #[test]
    fn a_received_cookie_is_counted_without_its_equals_sign() {
        assert_eq!(read(" lab-a=xyz; lab-b=x=y"), [("lab-a".into(), 8), ("lab-b".into(), 8)]);
        assert_eq!(read("lab-é=漢"), [("lab-é".into(), 9)]);
        assert_eq!(read("nameless"), [(String::new(), 8)]);
        assert_eq!(read(" ; "), []);
    }
}
