//! Texts that may be more than Unicode, and how texts are shown and spelled: what does not show is shown as an escape.

mod escapes;
mod html;
mod unescape;
pub(crate) mod units;

pub(crate) use escapes::{Within, escaped, has_escapes, isolated, label, told};
pub(crate) use html::{escape, marked};
pub(crate) use unescape::unescaped;
