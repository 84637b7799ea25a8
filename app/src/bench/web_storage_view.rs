//! What the two web storage areas hold, as of the last look. A large area is read in slices, a changed name by itself.

use crate::{
    browser::{Area, Entries, source},
    reactive::{State, Stored},
};
use gloo_timers::future::TimeoutFuture;
use leptos::task::spawn_local;
use std::sync::Arc;

/// More changed names than this are not read one by one.
const ONE_BY_ONE: usize = 50;
/// How long changes are gathered before they are read, in milliseconds.
const GATHERED_FOR: u32 = 20;

/// One area as this page sees it.
#[derive(Clone, Copy)]
pub(super) struct WebStorageView {
    area: Area,
    pub entries: State<Entries>,
    /// Counts the listings, so that one that was overtaken by the next is dropped.
    listings: Stored<u32>,
    /// Listings that have begun and not ended.
    running: Stored<u32>,
    /// Names that changed and were not read yet; `None` stands for all of them.
    changed: Stored<Vec<Option<String>>>,
}

impl WebStorageView {
    pub fn new(area: Area) -> Self {
        Self {
            area,
            entries: State::default(),
            listings: Stored::new(0),
            running: Stored::new(0),
            changed: Stored::new(Vec::new()),
        }
    }

    /// Reads the whole area.
    pub async fn list(self) {
        let begun = self.listings.try_update_value(|listings| {
            *listings += 1;
            *listings
        });
        self.running.try_update_value(|running| *running += 1);
        let now = match source::app() {
            Some(app) => (app.list)(self.area.store()).await.map(|found| found.entries).unwrap_or_default(),
            None => self.area.list().await,
        };
        self.running.try_update_value(|running| *running -= 1);
        let differs = self.entries.try_with_untracked(|before| **before != now) == Some(true);
        if self.listings.try_get_value() == begun && differs {
            self.entries.try_set(Arc::new(now));
        }
    }

    /// Reads single names; the whole area when it turns out to hold something else besides, or is an app's.
    pub async fn reread(self, names: &[&str]) {
        let Some(before) = self.entries.try_get_untracked() else { return };
        if self.running.get_value() > 0 || names.len() > ONE_BY_ONE || source::app().is_some() {
            return self.list().await;
        }
        let mut entries = before.as_ref().clone();
        for name in names {
            let place = entries.binary_search_by(|entry| entry.name.as_str().cmp(name));
            match (self.area.find(name), place) {
                (Some(entry), Ok(at)) => entries[at] = entry,
                (Some(entry), Err(at)) => entries.insert(at, entry),
                (None, Ok(at)) => drop(entries.remove(at)),
                (None, Err(_)) => {}
            }
        }
        if entries.len() != self.area.count() {
            return self.list().await;
        }
        if *before != entries {
            self.entries.set(Arc::new(entries));
        }
    }

    /// Looks whether somebody has put something in or taken something out without a word. An app's page tells by itself.
    pub fn glance(self) {
        if source::app().is_some() {
            return;
        }
        let known = self.entries.try_with_untracked(|entries| entries.len());
        if self.running.get_value() == 0 && known != Some(self.area.count()) {
            spawn_local(self.list());
        }
    }

    /// Notes that a name changed, or all of them may have; what comes in a burst is read together.
    pub fn changed(self, name: Option<String>) {
        let first = self.changed.try_update_value(|changed| {
            changed.push(name);
            changed.len() == 1
        });
        if first != Some(true) {
            return;
        }
        spawn_local(async move {
            TimeoutFuture::new(GATHERED_FOR).await;
            let Some(changed) = self.changed.try_update_value(std::mem::take) else { return };
            match changed.iter().map(Option::as_deref).collect::<Option<Vec<_>>>() {
                Some(names) => self.reread(&names).await,
                None => self.list().await,
            }
        });
    }
}
