//! Every attribute of a cookie: the form, the exact line before it is sent, and which rule a refused one broke. And
//! the lanes of all cookies: who sees which.

mod fields;
mod form;
mod http;
mod lanes;
mod line;
mod opener;
mod result;
mod rules;
mod trial;

pub(super) use form::{broken_rules, form};
pub(super) use http::{echo, set};
pub(super) use lanes::{Elsewhere, REMEMBERED, asked_at, forget, join, remember, seen_by};
pub(crate) use line::{Carrier, CookieLine};
pub(super) use opener::{button_id, place};
