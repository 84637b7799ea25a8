//! What an exchange weighs on the wire, and what its cookies cost.

use crate::{
    wire::{Exchange, HeaderField},
    words::thousands,
};
use http::StatusCode;

/// A slow phone line sends so many bits a second, as does a very slow one.
pub(super) const LINES: [(&str, u64); 2] = [("a slow phone line", 400_000), ("a very slow one", 50_000)];
/// Requests for which the cost is told.
pub(super) const REQUESTS: u64 = 1_000;

/// Bytes of a request in its parts, as HTTP/1.1 spells them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// The first line, and the empty one that ends the head.
    pub lines: u64,
    /// The fields that carry cookies.
    pub cookies: u64,
    /// All other fields.
    pub fields: u64,
    pub body: u64,
}

impl Weight {
    pub fn of_request(exchange: &Exchange) -> Self {
        let Exchange { method, path, version, request, request_body, .. } = exchange;
        let first = method.len() + " ".len() + path.len() + " ".len() + version.len() + "\r\n".len();
        Self::new(first, request, "cookie", *request_body)
    }

    pub fn of_response(exchange: &Exchange) -> Self {
        let Exchange { version, status, response, response_body, .. } = exchange;
        let reason = reason(*status);
        let first = version.len() + " 200 ".len() + reason.len() + "\r\n".len();
        Self::new(first, response, "set-cookie", *response_body)
    }

    fn new(first_line: usize, fields: &[HeaderField], with_cookies: &str, body: Option<u64>) -> Self {
        let bytes = |cookies: bool| {
            let fields = fields.iter().filter(|field| (field.name == with_cookies) == cookies);
            fields.map(|field| u64::from(field.bytes)).sum()
        };
        Self {
            lines: (first_line + "\r\n".len()) as u64,
            cookies: bytes(true),
            fields: bytes(false),
            body: body.unwrap_or(0),
        }
    }

    pub fn total(self) -> u64 {
        self.lines + self.cookies + self.fields + self.body
    }

    /// The share of the cookies, in percent.
    pub fn share(self) -> u64 {
        (self.cookies * 100 + self.total() / 2).checked_div(self.total()).unwrap_or(0)
    }
}

/// What HTTP/1.1 calls a status.
pub(super) fn reason(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default()
}

/// How long so many bytes take on a line, in milliseconds.
fn milliseconds(bytes: u64, bits_a_second: u64) -> u64 {
    (bytes * 8 * 1_000).div_ceil(bits_a_second)
}

/// A time as people say it: `3 ms`, `1.5 s`, `12 min`.
fn spelled(milliseconds: u64) -> String {
    match milliseconds {
        ..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds % 60_000 / 1_000),
    }
}

/// What cookies of so many bytes cost with each request.
pub(super) fn cost_of_one(bytes: u64) -> String {
    format!(
        "{} bytes of cookies; in a thousand such requests {} bytes. Sending them takes {} each time.",
        thousands(bytes),
        thousands(bytes * REQUESTS),
        times(bytes),
    )
}

/// What the cookies of several requests cost together.
pub(super) fn cost_of_all(requests: usize, bytes: u64) -> String {
    format!("The {requests} requests listed carried {} bytes of cookies together: {}.", thousands(bytes), times(bytes))
}

fn times(bytes: u64) -> String {
    LINES.map(|(line, speed)| format!("{} on {line}", spelled(milliseconds(bytes, speed)))).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, bytes: u32) -> HeaderField {
        HeaderField { name: name.into(), value: String::new(), bytes, cookies: Vec::new() }
    }

    fn exchange() -> Exchange {
        Exchange {
            id: "1".into(),
            at: 0,
            method: "GET".into(),
            path: "/lab/echo".into(),
            version: "HTTP/1.1".into(),
            status: 200,
            request: vec![field("host", 20), field("cookie", 50), field("cookie", 30)],
            response: vec![field("set-cookie", 40), field("date", 37)],
            request_body: None,
            response_body: Some(500),
            took_us: 1,
        }
    }

    #[test]
    fn an_exchange_weighs_what_http_1_1_sends() {
        let request = Weight::of_request(&exchange());
        let head = "GET /lab/echo HTTP/1.1\r\n\r\n".len() as u64;
        assert_eq!(request, Weight { lines: head, cookies: 80, fields: 20, body: 0 });
        assert_eq!((request.total(), request.share()), (126, 63));
        let response = Weight::of_response(&exchange());
        let head = "HTTP/1.1 200 OK\r\n\r\n".len() as u64;
        assert_eq!(response, Weight { lines: head, cookies: 40, fields: 37, body: 500 });
        assert_eq!(Weight::default().share(), 0);
    }

    #[test]
    fn the_cost_is_bytes_and_time() {
        assert_eq!(milliseconds(50, 400_000), 1);
        assert_eq!(milliseconds(4_096, 50_000), 656);
        assert_eq!([999, 1_590, 61_000].map(spelled), ["999 ms", "1.5 s", "1 min 1 s"]);
        let told = "1,000 bytes of cookies; in a thousand such requests 1,000,000 bytes. Sending them takes 20 ms on a slow \
                    phone line, 160 ms on a very slow one each time.";
        assert_eq!(cost_of_one(1_000), told);
        let told = "The 2 requests listed carried 80 bytes of cookies together: 2 ms on a slow phone line, 13 ms on a very slow one.";
        assert_eq!(cost_of_all(2, 80), told);
    }
}
