//! Why one of these stores did not do what was asked, by the browser's own words for it.

use crate::{browser::sizes::ADDRESS_LIMIT_BYTES, words::thousands};
use std::{fmt, sync::Arc};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The browser has no such store, or not for this page.
    Absent,
    /// The browser denies this page the store.
    Denied,
    /// There is no room (`QuotaExceededError`).
    NoRoom,
    /// No address can be made of the name.
    Name,
    /// The page itself reads a parameter of this name.
    Reserved,
    /// The address would have so many bytes.
    AddressTooLong(u64),
    /// It was written, but is not there.
    NotKept,
    /// It was deleted, but is there still.
    Stays,
    /// It is not what it was when the edit began, but this now.
    Changed(Option<Arc<str>>),
    /// Only workers write files in this browser.
    WorkersOnly,
    /// What is there is no text: it can be deleted and put back, not edited.
    NotText,
    /// What is there is JSON, and what was typed is none.
    NotJson,
    /// No entry of the app's has its place there.
    NoPlace,
    /// What was typed holds another key than the entry has.
    OtherKey,
    /// The part of the page that reaches the store could not be fetched.
    NotFetched,
    /// Something else; the error's name.
    Failed(String),
}

impl Trouble {
    /// By the name of an exception (WebIDL §2.8.1).
    pub fn named(name: &str) -> Self {
        match name {
            "QuotaExceededError" => Self::NoRoom,
            // Private windows of some browsers answer so when a database is opened.
            "SecurityError" | "NotAllowedError" | "InvalidStateError" => Self::Denied,
            name => Self::Failed(name.to_owned()),
        }
    }

    /// Whether there was nothing under that name.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Failed(name) if name == "NotFoundError")
    }
}

/// Whether the browser denies this page's scripts web storage, and so all that it keeps.
fn is_storage_blocked() -> bool {
    web_sys::window().is_some_and(|window| window.local_storage().is_err())
}

impl From<JsValue> for Trouble {
    fn from(error: JsValue) -> Self {
        match error.dyn_ref::<DomException>() {
            // Chromium's word for IndexedDB where its owner has blocked what sites keep.
            Some(exception) if exception.name() == "UnknownError" && is_storage_blocked() => Self::Denied,
            Some(exception) => Self::named(&exception.name()),
            None => Self::Failed(error.dyn_into::<js_sys::Error>().map_or("Error".into(), |error| error.name().into())),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => {
                "This browser has no such store for this page. Some offer it over HTTPS and on localhost alone, some not in private windows."
            }
            Self::Denied => "This browser denies this page the store: private windows often do.",
            Self::NoRoom => {
                "The browser has no room for it (QuotaExceededError). Delete something or shorten the value."
            }
            Self::Name => "No address can be made of this name.",
            Self::Reserved => "This page itself reads a parameter of that name. Give it another name.",
            Self::AddressTooLong(bytes) => {
                return write!(
                    f,
                    "The address would be {} bytes long. No server has to take more than {} (RFC 9110 §4.1). Shorten the value.",
                    thousands(*bytes),
                    thousands(ADDRESS_LIMIT_BYTES.into())
                );
            }
            Self::NotKept => "The browser did not keep it.",
            Self::Stays => "The browser kept it. Something may have put it back: try again.",
            Self::Changed(_) => "It was changed meanwhile.",
            Self::WorkersOnly => "This browser lets pages read such files, but workers alone write them.",
            Self::NotText => "What is there is no text, so it is not edited here. It can be deleted, and that can be undone.",
            Self::NotJson => "The app keeps JSON there, and this is none. Put texts between quotes.",
            Self::OtherKey => "The entry's key is within it, and must stay: with another one it would take another entry's place.",
            Self::NoPlace => {
                "The app has no such place. Name it as its other entries are named: database/store/key, or cache/address."
            }
            Self::NotFetched => {
                "The part of the page that reaches this store could not be fetched. Check the connection and try again."
            }
            Self::Failed(name) => return write!(f, "The browser could not do it ({name}). Try again."),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_is_told_by_its_name() {
        assert_eq!(Trouble::named("QuotaExceededError"), Trouble::NoRoom);
        assert_eq!(Trouble::named("SecurityError"), Trouble::Denied);
        assert!(Trouble::named("NotFoundError").is_not_found());
        assert_eq!(
            Trouble::named("UnknownError").to_string(),
            "The browser could not do it (UnknownError). Try again."
        );
    }
}
