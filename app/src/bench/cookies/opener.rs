//! What the form is about, and the button that it was opened from.

use crate::{browser::Entry, reactive::State};

/// What the form begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bench) enum CookieForm {
    Empty,
    Of(Box<Entry>),
}

/// What the form is about, while it is open.
pub(in crate::bench) type OpenForm = State<Option<CookieForm>>;

/// The id of the button that opened the form.
pub(in crate::bench) fn button_id(entry: Option<&Entry>) -> String {
    match entry {
        Some(entry) => format!("attributes-{}", entry.key().replace(' ', "_")),
        None => "menu-cookies".to_owned(),
    }
}
