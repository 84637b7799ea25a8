//! sessionStorage and localStorage: two areas of one kind.

use super::{Draft, is_probe};
use crate::bench::model::{Entry, Expires, Refusal, units};
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use std::sync::Arc;

/// One of the two areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench) enum Area {
    Session,
    Local,
}

impl Area {
    /// A browser may deny the area: its getter throws (WHATWG HTML §12.2.2), so it is touched with care.
    pub fn open(self) -> Result<web_sys::Storage, Refusal> {
        let window = web_sys::window().ok_or(Refusal::Denied)?;
        let allowed = match self {
            Self::Session => window.session_storage(),
            Self::Local => window.local_storage(),
        };
        match allowed {
            Ok(Some(_)) => Ok(match self {
                Self::Session => SessionStorage::raw(),
                Self::Local => LocalStorage::raw(),
            }),
            _ => Err(Refusal::Denied),
        }
    }

    /// All entries, sorted by name: the area's own order is left to the browser.
    pub fn list(self) -> Vec<Entry> {
        let Ok(area) = self.open() else { return Vec::new() };
        let names = (0..area.length().unwrap_or(0)).filter_map(|index| area.key(index).ok().flatten());
        let mut entries: Vec<_> = names
            .filter(|name| !is_probe(name))
            .filter_map(|name| {
                let value = area.get_item(&name).ok().flatten()?;
                Some(Entry::new(name, value, self.expires()))
            })
            .collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        entries
    }

    /// The entry of that name, if there is one.
    pub fn entry(self, name: &str) -> Option<Entry> {
        let value = self.open().ok()?.get_item(name).ok().flatten()?;
        Some(Entry::new(name.to_owned(), value, self.expires()))
    }

    /// How many entries there are, whoever made them.
    pub fn length(self) -> u32 {
        self.open().ok().and_then(|area| area.length().ok()).unwrap_or(0)
    }

    fn expires(self) -> Expires {
        match self {
            Self::Session => Expires::TabClose,
            Self::Local => Expires::Never,
        }
    }

    pub(super) fn changed(self, name: &str, before: Option<&str>) -> Option<Option<Arc<str>>> {
        let now = self.entry(name).and_then(|entry| entry.value);
        (now.as_deref() != before).then_some(now)
    }

    pub(super) fn put(self, draft: &Draft) -> Result<(), Refusal> {
        let refused = |_| Refusal::AreaFull(units(&draft.name) + units(&draft.value));
        self.open()?.set_item(&draft.name, &draft.value).map_err(refused)
    }

    pub(super) fn delete(self, name: &str) -> Result<(), Refusal> {
        self.open()?.remove_item(name).map_err(|_| Refusal::Denied)
    }
}
