//! What was measured in this browser. It is kept in localStorage under `lab-limits`, as everything of the lab is.

use crate::{
    browser::{Entries, Entry, Store},
    json::{FromJson, Value, parse},
    reactive::{Derived, State},
};
use serde::{Deserialize, Serialize};

/// The entry of localStorage that keeps the limits.
pub(in crate::bench) const KEPT_AS: &str = "lab-limits";

/// How much fits; `None` where the browser denied the store or set no limit that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::bench) struct Limits {
    /// Bytes of a cookie's name and value, in ASCII and in a letter of two bytes.
    pub cookie: [Option<u32>; 2],
    /// Bytes of a cookie attribute's value.
    pub attribute: Option<u32>,
    /// UTF-16 units of names and values in sessionStorage, filled with each of [`ALPHABETS`](crate::browser::probe::ALPHABETS).
    pub session: [Option<u32>; 3],
    /// The same in localStorage.
    pub local: [Option<u32>; 3],
    /// Whether one area had room while the other was full.
    pub separate: Option<bool>,
    /// The browser, in words.
    pub browser: String,
    /// When it was measured, UTC seconds.
    pub at: i64,
}

impl Limits {
    /// What a store holds at most: bytes of one cookie, or units of an area. Where the letters made a difference, what
    /// fits of any of them.
    pub fn of(&self, store: Store) -> Option<u32> {
        let measured: &[_] = match store {
            Store::Cookies => &self.cookie,
            Store::SessionStorage => &self.session,
            Store::LocalStorage => &self.local,
            _ => &[],
        };
        measured.iter().flatten().min().copied()
    }

    /// Whether no limit was found at all.
    pub fn are_unknown(&self) -> bool {
        let all = self.cookie.iter().chain([&self.attribute]).chain(&self.session).chain(&self.local);
        all.flatten().next().is_none()
    }

    /// Finds them among the entries of localStorage.
    pub fn among(entries: &[Entry]) -> Option<Self> {
        let at = entries.binary_search_by(|entry| entry.name.as_str().cmp(KEPT_AS)).ok()?;
        parse(entries[at].value.as_deref()?)
    }
}

impl FromJson for Limits {
    fn from_json(json: &impl Value) -> Option<Self> {
        Some(Self {
            cookie: json.field("cookie")?,
            attribute: json.field("attribute")?,
            session: json.field("session")?,
            local: json.field("local")?,
            separate: json.field("separate")?,
            browser: json.field("browser")?,
            at: json.field("at")?,
        })
    }
}

/// How far a measurement is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bench) struct Progress {
    /// What is being measured.
    pub what: String,
    /// What is known to fit so far.
    pub fits: u32,
    /// Measurements that are finished.
    pub done: u32,
}

/// What was measured, and the measurement under way. It outlives its panel, so that it goes on in the background.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Measuring {
    /// What was measured in this browser, if anything was.
    pub limits: Derived<Option<Limits>>,
    /// `None` while nothing is measured.
    pub progress: State<Option<Progress>>,
    /// The last result, where localStorage did not keep it.
    pub unkept: State<Option<Limits>>,
    pub cancelled: State<bool>,
}

impl Measuring {
    /// The limits are found among the entries of localStorage.
    pub fn new(local_storage: Derived<Entries>) -> Self {
        let unkept = State::new(None);
        Self {
            limits: Derived::new(move || Limits::among(&local_storage.read()).or_else(|| unkept.get())),
            progress: State::new(None),
            unkept,
            cancelled: State::new(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{browser::Expires, json::tests::reads_what_serde_writes};

    #[test]
    fn the_limits_are_read_as_they_are_kept() {
        reads_what_serde_writes(&Limits {
            cookie: [Some(4_096), None],
            attribute: Some(1_024),
            session: [Some(1), Some(2), Some(3)],
            local: [None, Some(5), Some(6)],
            separate: Some(true),
            browser: "Chrome 156".into(),
            at: 1_800_000_000,
        });
    }

    #[test]
    fn the_limits_are_found_among_the_entries_and_a_foreign_text_is_none() {
        let limits =
            Limits { cookie: [Some(4_096), Some(4_095)], local: [None, Some(7), Some(6)], ..Limits::default() };
        let kept = serde_json::to_string(&limits).unwrap();
        let entry = |name: &str, value: &str| Entry::new(name.into(), value, Expires::Never);
        let among = |value: &str| Limits::among(&[entry("lab-a", "1"), entry(KEPT_AS, value), entry("z", "1")]);
        assert_eq!(among(&kept), Some(limits.clone()));
        assert_eq!(among("{}"), None);
        assert_eq!(Limits::among(&[]), None);
        assert_eq!(
            [Store::Cookies, Store::SessionStorage, Store::LocalStorage].map(|store| limits.of(store)),
            [Some(4_095), None, Some(6)]
        );
    }
}
