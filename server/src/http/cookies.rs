//! Reading a request's cookies.

use app::bench::wire::sent_cookies;
use axum::http::{HeaderMap, header};

/// The values of all cookies of this name, in the order in which they came. The name matches octet by octet.
pub(super) fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    let lines = headers.get_all(header::COOKIE).iter();
    let cookies = lines.flat_map(|line| sent_cookies(line.as_bytes()));
    cookies.filter(move |(sent, _)| *sent == name.as_bytes()).map(|(_, value)| value)
}

/// The value of the first cookie of this name, where it is text.
pub(super) fn first<'a>(headers: &'a HeaderMap, name: &'a str) -> Option<&'a str> {
    values(headers, name).next().and_then(|value| std::str::from_utf8(value).ok())
}
