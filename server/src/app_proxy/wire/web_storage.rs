//! What the web storage of the app's pages holds, told by the dock's script while a session is being checked: a token there is read by
//! every script of the page. It is kept in the memory of this process alone, until the check has ended.

use super::probe::is_of_own_page;
use axum::http::{HeaderMap, HeaderName, Method};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The field that makes a request one that tells this.
const TELLS: HeaderName = HeaderName::from_static("storage-lab-web-storage");
/// Most bytes of one telling, which is what browsers send of a page that is being left (Fetch §4.6).
pub(in crate::app_proxy) const MOST: usize = 64 * 1024;
/// Most entries that are kept of one check.
const KEPT: usize = 1_000;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StorageEntry {
    /// `localStorage` or `sessionStorage`.
    pub store: String,
    pub name: String,
    pub value: String,
}

/// What a page tells.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    local: Vec<(String, String)>,
    session: Vec<(String, String)>,
}

type Entries = BTreeMap<(&'static str, String), String>;

/// What was told since somebody asked; `None` while nobody does.
#[derive(Default)]
pub(crate) struct WebStorage(Mutex<Option<(bool, Entries)>>);

impl WebStorage {
    fn kept(&self) -> MutexGuard<'_, Option<(bool, Entries)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the pages that are opened from now on.
    pub fn begin(&self) {
        *self.kept() = Some(Default::default());
    }

    /// Asks no longer, and forgets.
    pub fn end(&self) {
        *self.kept() = None;
    }

    /// Whether pages are asked.
    pub fn is_asked(&self) -> bool {
        self.kept().is_some()
    }

    /// What was told so far; `None` where no page told anything.
    pub fn look(&self) -> Option<Vec<StorageEntry>> {
        let kept = self.kept();
        let (_, entries) = kept.as_ref().filter(|(is_told, _)| *is_told)?;
        let entry = |((store, name), value): (&(&'static str, String), &String)| StorageEntry {
            store: (*store).to_owned(),
            name: name.clone(),
            value: value.clone(),
        };
        Some(entries.iter().map(entry).collect())
    }

    /// Whether a request tells this. Pages of other origins cannot send one: they would have to be allowed the field by the app.
    pub(in crate::app_proxy) fn is_told(method: &Method, headers: &HeaderMap) -> bool {
        method == Method::POST && headers.contains_key(TELLS) && is_of_own_page(headers)
    }

    /// Keeps what a page tells; whether somebody wants to know more. What was there once is kept also when it is gone.
    pub(in crate::app_proxy) fn keep(&self, body: &[u8]) -> bool {
        let mut kept = self.kept();
        let Some((is_told, entries)) = kept.as_mut() else { return false };
        if let Ok(Told { local, session }) = serde_json::from_slice(body) {
            *is_told = true;
            let of =
                |store, list: Vec<(String, String)>| list.into_iter().map(move |(name, value)| ((store, name), value));
            for (key, value) in of("localStorage", local).chain(of("sessionStorage", session)) {
                if entries.len() < KEPT || entries.contains_key(&key) {
                    entries.insert(key, value);
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn what_pages_tell_is_kept_while_somebody_asks() {
        let told = br#"{"local":[["a","1"]],"session":[["b","2"]]}"#;
        let storage = WebStorage::default();
        assert!(!storage.keep(told) && storage.look().is_none());
        storage.begin();
        assert!(storage.look().is_none(), "no page told anything");
        assert!(
            storage.keep(told) && storage.keep(br#"{"local":[],"session":[["b","3"]]}"#) && storage.keep(b"nonsense")
        );
        let entry = |store: &str, name: &str, value: &str| StorageEntry {
            store: store.to_owned(),
            name: name.to_owned(),
            value: value.to_owned(),
        };
        assert_eq!(storage.look(), Some(vec![entry("localStorage", "a", "1"), entry("sessionStorage", "b", "3")]));
        storage.end();
        assert!(!storage.is_asked() && storage.look().is_none());
    }

    #[test]
    fn no_more_is_kept_than_a_limit() {
        let storage = WebStorage::default();
        storage.begin();
        for number in 0..2_000 {
            storage.keep(format!(r#"{{"local":[["{number}",""]],"session":[]}}"#).as_bytes());
        }
        assert_eq!(storage.look().unwrap().len(), KEPT);
    }

    #[test]
    fn pages_of_other_origins_tell_nothing() {
        let headers = |site: &'static str| {
            let site = (HeaderName::from_static("sec-fetch-site"), HeaderValue::from_static(site));
            [(TELLS, HeaderValue::from_static("1")), site].into_iter().collect::<HeaderMap>()
        };
        assert!(WebStorage::is_told(&Method::POST, &headers("same-origin")));
        assert!(!WebStorage::is_told(&Method::GET, &headers("same-origin")));
        assert!(!WebStorage::is_told(&Method::POST, &headers("same-site")));
    }
}
