//! An entry as it is to be written.

use super::{
    entry::{CookieFlags, Entry, Expires},
    refusal::Refusal,
};
use crate::text::units::first_lone;
use std::sync::Arc;

/// What a visitor asks a store to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    pub name: String,
    pub value: Arc<str>,
    /// Only cookies carry an expiry, a path and flags of their own.
    pub expires: Expires,
    pub path: Option<String>,
    pub flags: CookieFlags,
    /// Its value is out of reach, or not as scripts read it: it can be deleted, never put back.
    pub unseen: bool,
    /// Of a cookie whose path nobody tells: the one path under which it arrives.
    pub only_at: Option<String>,
}

impl Draft {
    pub fn new(name: String, value: impl Into<Arc<str>>) -> Self {
        Self {
            name,
            value: value.into(),
            expires: Expires::BrowserSession,
            path: None,
            flags: CookieFlags::default(),
            unseen: false,
            only_at: None,
        }
    }

    /// Whether it is Unicode text, which is all that most stores keep.
    ///
    /// # Errors
    /// Where the lone surrogate is.
    pub fn check_unicode(&self) -> Result<(), Refusal> {
        let refusal = first_lone(&self.name).map(Refusal::NameUnit);
        refusal.or_else(|| first_lone(&self.value).map(Refusal::ValueUnit)).map_or(Ok(()), Err)
    }

    /// The entry as it is, to be put back later; `None` where its value is out of reach.
    pub fn of(entry: &Entry) -> Option<Self> {
        entry.is_read_whole().then(|| Self::named(entry))
    }

    /// The entry as far as it is known, to be deleted.
    pub fn named(entry: &Entry) -> Self {
        Self {
            expires: entry.expires,
            path: entry.path.clone(),
            flags: entry.flags.clone(),
            unseen: !entry.is_read_whole(),
            only_at: entry.only_at.clone(),
            ..Self::new(entry.name.clone(), entry.value.clone().unwrap_or_default())
        }
    }
}
