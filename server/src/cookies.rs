//! The cookies that a request carries.

use app::bench::wire::sent_cookies;
use axum::http::{HeaderMap, header};

/// The values of all cookies of this name, in the order in which they came. The name matches octet by octet.
pub(crate) fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    let lines = headers.get_all(header::COOKIE).iter();
    let cookies = lines.flat_map(|line| sent_cookies(line.as_bytes()));
    cookies.filter(move |(sent, _)| *sent == name.as_bytes()).map(|(_, value)| value)
}
