//! The form for a cookie with every attribute: the exact line before it is sent, and which rule a refused one broke.

mod fields;
mod form;
mod here;
mod opener;
mod result;

pub(super) use form::form;
pub(super) use here::broken_rules;
pub(super) use opener::{CookieForm, OpenForm, button_id};
