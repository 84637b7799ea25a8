//! Cookies: as scripts see them and as they travel, the exact line of each, the rules that browsers judge it by, and how
//! it is found out what became of one.

mod check;
mod date;
mod engines;
mod http;
mod lanes;
mod line;
pub(crate) mod rules;
pub(super) mod script;
#[cfg(feature = "ssr")]
pub mod set_cookie;
pub(crate) mod trial;

pub(crate) use check::check_cookie;
pub(crate) use engines::differences;
pub(crate) use http::ECHO;
pub use http::{MOST_LINE_BYTES, MOST_LINES};
pub(crate) use lanes::{Elsewhere, REMEMBERED, default_path, forget, join, path_matches, paths_to, remember, seen_by};
pub(crate) use line::{Carrier, CookieLine, Prefix, is_heeded, pair};
pub(crate) use script::{
    ANYWHERE, another, changed, cookie_store, cookie_string, count_in, delete_hidden, deletions, list, parse,
    script_cookie, write,
};
