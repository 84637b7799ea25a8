//! An entry of a store, and what is known of it.

use super::{
    sizes::{bytes, units},
    store::Store,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Until when a store keeps an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expires {
    /// A cookie without `Expires` and `Max-Age`.
    BrowserSession,
    /// sessionStorage.
    TabClose,
    /// localStorage.
    Never,
    /// The page's address.
    Navigation,
    /// At this UTC second, by the clock of who keeps it: the browser's, or the server's for what it keeps.
    At(i64),
    /// This browser does not tell scripts, or only the server saw the entry.
    Unknown,
}

/// What a cookie says of requests from other sites (RFC 6265bis §5.6.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SameSite {
    /// It says nothing; the browser decides.
    #[default]
    Unspecified,
    Lax,
    Strict,
    None,
}

/// A cookie's attributes beside its expiry and path, as far as they are known: `None` where this page is not told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CookieFlags {
    pub domain: Option<String>,
    pub secure: Option<bool>,
    /// Found by behaviour: no browser tells scripts.
    pub http_only: Option<bool>,
    pub same_site: Option<SameSite>,
    pub partitioned: Option<bool>,
}

/// One row of a store, as scripts and the server see it together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub name: String,
    /// `None` where scripts cannot read it. Shared, since it may be millions of characters.
    pub value: Option<Arc<str>>,
    /// Name and value in UTF-8.
    pub bytes: u32,
    /// Name and value in UTF-16, where the value is known.
    pub units: Option<u32>,
    pub expires: Expires,
    pub path: Option<String>,
    pub seen_by_scripts: bool,
    /// `None`: this store never travels, so the server has nothing to see.
    pub seen_by_server: Option<bool>,
    /// The one path under which the server received it, where that is not this page's.
    pub only_at: Option<String>,
    /// A cookie's further attributes.
    pub flags: CookieFlags,
    /// The login cookie: shown, never changed here.
    pub protected: bool,
}

impl Entry {
    pub fn new(name: String, value: impl Into<Arc<str>>, expires: Expires) -> Self {
        let value = value.into();
        Self {
            bytes: bytes(&name) + bytes(&value),
            units: Some(units(&name) + units(&value)),
            name,
            value: Some(value),
            expires,
            path: None,
            seen_by_scripts: true,
            seen_by_server: None,
            only_at: None,
            flags: CookieFlags::default(),
            protected: false,
        }
    }

    /// Whether scripts read all of its value: octets of a cookie that are no UTF-8 reach them as U+FFFD or not at all.
    pub fn is_read_whole(&self) -> bool {
        self.value.as_ref().is_some_and(|value| bytes(&self.name) + bytes(value) == self.bytes)
    }

    /// Whether the server's clock decides when it ends: that of the server's values and of the cookie of their session.
    pub fn is_by_server(&self, store: Store) -> bool {
        store == Store::ServerSession || self.protected
    }

    /// What tells it from the other entries of its store: cookies of one name may live under several paths and domains,
    /// and beside one that is partitioned (RFC 6265bis §5.7, step 23). One whose path nobody tells has the path that it arrives
    /// under.
    pub fn key(&self) -> String {
        let partition = if self.flags.partitioned == Some(true) { "partitioned " } else { "" };
        let domain = self.flags.domain.as_deref().unwrap_or_default();
        let path = self.path.as_deref().or(self.only_at.as_deref()).unwrap_or_default();
        format!("{partition}{domain}{path} {}", self.name)
    }
}

/// What a store holds; shared, since it may be much.
pub(crate) type Entries = Arc<Vec<Entry>>;

/// A cookie as this page's scripts see it; times in UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScriptCookie {
    pub name: String,
    pub value: String,
    pub path: Option<String>,
    pub expires: Expires,
    pub flags: CookieFlags,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bytes_on_the_wire_and_utf16_units() {
        let entry = Entry::new("lab-é".into(), "漢😀", Expires::Never);
        assert_eq!((entry.bytes, entry.units), (6 + 7, Some(5 + 3)));
    }
}
