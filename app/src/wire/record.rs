//! What the server tells of a request and its answer. Values that are secrets never leave the server: they are masked
//! before an [`Exchange`] is made.

use crate::json::{FromJson, Value};
use serde::{Deserialize, Serialize};

/// The request header by which a page's scripts say whose record a request belongs to.
pub const PAGE_HEADER: &str = "lab-page";

/// A cookie as it arrived at the server: never its value, since the server cannot tell an `HttpOnly` one from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedCookie {
    /// Its name.
    pub name: String,
    /// Bytes of name and value together.
    pub bytes: u32,
}

impl FromJson for ReceivedCookie {
    fn from_json(json: &impl Value) -> Option<Self> {
        Some(Self { name: json.field("name")?, bytes: json.field("bytes")? })
    }
}

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

impl FromJson for Exchange {
    fn from_json(json: &impl Value) -> Option<Self> {
        Some(Self {
            id: json.field("id")?,
            at: json.field("at")?,
            method: json.field("method")?,
            path: json.field("path")?,
            version: json.field("version")?,
            status: json.field("status")?,
            request: json.field("request")?,
            response: json.field("response")?,
            request_body: json.field("request_body")?,
            response_body: json.field("response_body")?,
            took_us: json.field("took_us")?,
        })
    }
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

impl FromJson for HeaderField {
    fn from_json(json: &impl Value) -> Option<Self> {
        Some(Self {
            name: json.field("name")?,
            value: json.field("value")?,
            bytes: json.field("bytes")?,
            cookies: json.field("cookies")?,
        })
    }
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

impl FromJson for Received {
    fn from_json(json: &impl Value) -> Option<Self> {
        Some(Self {
            method: json.field("method")?,
            path: json.field("path")?,
            fields: json.field("fields")?,
            cookies: json.field("cookies")?,
        })
    }
}

/// The names and values in one `Cookie` header (RFC 6265bis §4.2.1), octet by octet; a nameless cookie has an empty name.
/// Nothing but spaces and tabs is trimmed (§5.6): to a browser, `\u{2000}__Host-session` is another name, which keeps none of
/// the prefix's promises.
pub fn sent_cookies(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    header.split(|byte| *byte == b';').map(|pair| match pair.iter().position(|byte| *byte == b'=') {
        Some(equals) => (trimmed(&pair[..equals]), trimmed(&pair[equals + 1..])),
        None => (&b""[..], trimmed(pair)),
    })
}

fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// The cookies in one `Cookie` header, without their values.
pub fn received_cookies(header: &[u8]) -> impl Iterator<Item = ReceivedCookie> + '_ {
    sent_cookies(header).filter_map(|(name, value)| {
        let bytes = u32::try_from(name.len() + value.len()).unwrap_or(u32::MAX);
        (bytes > 0).then(|| ReceivedCookie { name: String::from_utf8_lossy(name).into_owned(), bytes })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tests::reads_what_serde_writes;

    #[test]
    fn a_name_is_what_stands_there_but_for_spaces_and_tabs_around_it() {
        let names = |header: &'static str| sent_cookies(header.as_bytes()).map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names("lab-a=1; \tlab-b =2;lab-c=3"), [&b"lab-a"[..], b"lab-b", b"lab-c"]);
        for name in ["\u{2000}lab-a", "\u{a0}lab-a", "\u{85}lab-a", "\u{feff}lab-a", "lab-a\u{3000}", "\"lab-a\""] {
            let header = format!("{name}=1");
            assert!(sent_cookies(header.as_bytes()).all(|(sent, _)| sent == name.as_bytes()), "{name:?}");
        }
        let sent: Vec<_> = sent_cookies(b"nameless; a = b=c ; =x").collect();
        assert_eq!(sent, [(&b""[..], &b"nameless"[..]), (b"a", b"b=c"), (b"", b"x")]);
    }

    #[test]
    fn what_the_server_tells_is_read_as_serde_writes_it() {
        let cookies = vec![ReceivedCookie { name: "lab-é".into(), bytes: 9 }];
        let field = HeaderField { name: "cookie".into(), value: String::new(), bytes: 20, cookies: cookies.clone() };
        let exchange = Exchange {
            id: "a".into(),
            at: 1_795_442_700_000,
            method: "GET".into(),
            path: "/?a=b".into(),
            version: "HTTP/1.1".into(),
            status: 200,
            request: vec![field.clone()],
            response: vec![HeaderField { name: "date".into(), value: "x".into(), bytes: 9, cookies: cookies.clone() }],
            request_body: Some(1),
            response_body: Some(4_294_967_296),
            took_us: 7,
        };
        reads_what_serde_writes(&exchange);
        let received = Received { method: "POST".into(), path: "/lab/echo".into(), fields: vec![field], cookies };
        reads_what_serde_writes(&received);
    }

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
