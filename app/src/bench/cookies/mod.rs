//! The form for a cookie with every attribute: the exact line before it is sent, and which rule a refused one broke.

mod fields;
mod form;
mod opener;
mod result;

pub(super) use form::{broken_rules, form};
pub(super) use opener::{edit_button, open_button, place};
