//! What changed, when, and who did it: found by comparing what a store held with what it holds now.

mod panel;

use super::model::{Entry, Expires, Store};
use leptos::prelude::*;
use std::{collections::HashMap, sync::Arc};

pub(super) use panel::panel;

/// Most changes that are kept; the oldest go first.
const KEPT: usize = 2_000;
/// How long an announced change is waited for, in milliseconds.
const ANNOUNCED_FOR: f64 = 3_000.0;

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    ThisTab,
    AnotherTab,
    Server,
    Expiry,
    /// A script of this page, or the browser itself: nobody announced it.
    Unknown,
}

/// One entry's change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// UTC milliseconds by the browser's clock.
    pub at: f64,
    pub store: Store,
    pub name: String,
    pub before: Option<Arc<str>>,
    pub after: Option<Arc<str>>,
    /// Whether the entry was there before and is there now; the values may be out of reach all the same.
    pub was: bool,
    pub is: bool,
    pub who: Who,
}

/// The changes of this page, the newest last.
#[derive(Clone, Copy)]
pub(super) struct Journal {
    pub changes: RwSignal<Vec<Change>>,
    pub paused: RwSignal<bool>,
    announced: StoredValue<Vec<Announced>>,
}

/// A change that somebody said would come. Without a name it may be any entry of the store.
#[derive(Clone, Debug)]
struct Announced {
    store: Store,
    name: Option<String>,
    who: Who,
    until: f64,
}

impl Journal {
    pub fn new() -> Self {
        Self {
            changes: RwSignal::new(Vec::new()),
            paused: RwSignal::new(false),
            announced: StoredValue::new(Vec::new()),
        }
    }

    /// Says beforehand who is about to change an entry, or the whole store.
    pub fn announce(self, store: Store, name: Option<&str>, who: Who) {
        let until = js_sys::Date::now() + ANNOUNCED_FOR;
        let announced = Announced { store, name: name.map(str::to_owned), who, until };
        self.announced.update_value(|all| all.push(announced));
    }

    /// Notes how a store differs from what it was.
    pub fn compare(self, store: Store, before: &[Entry], after: &[Entry]) {
        let now = js_sys::Date::now();
        let mut found = differences(store, before, after, now);
        if found.is_empty() {
            return;
        }
        self.announced.update_value(|all| {
            all.retain(|announced| announced.until > now);
            for change in &mut found {
                if change.who == Who::Unknown {
                    change.who = who(all, change);
                }
            }
        });
        if self.paused.get_untracked() {
            return;
        }
        self.changes.update(|changes| {
            changes.append(&mut found);
            let over = changes.len().saturating_sub(KEPT);
            changes.drain(..over);
        });
    }
}

fn who(announced: &[Announced], change: &Change) -> Who {
    let about = |announced: &&Announced| {
        announced.store == change.store && announced.name.as_ref().is_none_or(|name| *name == change.name)
    };
    announced.iter().rev().find(about).map_or(Who::Unknown, |announced| announced.who)
}

/// What is new, gone or different; an entry that is gone after its time has expired.
fn differences(store: Store, before: &[Entry], after: &[Entry], now: f64) -> Vec<Change> {
    let mut old: HashMap<_, _> = before.iter().map(|entry| (entry.key(), entry)).collect();
    let change = |was: Option<&Entry>, is: Option<&Entry>| {
        let name = is.or(was).map(|entry| entry.name.clone()).unwrap_or_default();
        let expired = |was: &Entry| matches!(was.expires, Expires::At(second) if second as f64 * 1_000.0 <= now);
        let who = if is.is_none() && was.is_some_and(expired) { Who::Expiry } else { Who::Unknown };
        Change {
            at: now,
            store,
            name,
            before: was.and_then(|entry| entry.value.clone()),
            after: is.and_then(|entry| entry.value.clone()),
            was: was.is_some(),
            is: is.is_some(),
            who,
        }
    };
    let mut found = Vec::new();
    for entry in after {
        match old.remove(&entry.key()) {
            Some(was) if same(was, entry) => {}
            was => found.push(change(was, Some(entry))),
        }
    }
    let mut gone: Vec<_> = old.into_values().collect();
    gone.sort_by(|a, b| a.name.cmp(&b.name));
    found.extend(gone.into_iter().map(|was| change(Some(was), None)));
    found
}

/// A value that came into reach, or went out of it, is the same one still when its size is.
fn same(was: &Entry, is: &Entry) -> bool {
    was.bytes == is.bytes && (was.value == is.value || was.value.is_none() || is.value.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, value: &str, expires: Expires) -> Entry {
        Entry::new(name.into(), value, expires)
    }

    #[test]
    fn what_is_new_gone_or_different_is_found() {
        let before =
            [entry("a", "1", Expires::Never), entry("b", "1", Expires::Never), entry("c", "1", Expires::Never)];
        let after = [entry("a", "1", Expires::Never), entry("b", "2", Expires::Never), entry("d", "1", Expires::Never)];
        let found = differences(Store::LocalStorage, &before, &after, 0.0);
        let found: Vec<_> = found.iter().map(|change| (change.name.as_str(), change.was, change.is)).collect();
        assert_eq!(found, [("b", true, true), ("d", false, true), ("c", true, false)]);
    }

    #[test]
    fn what_goes_after_its_time_has_expired() {
        let who = |expires, now| differences(Store::Cookies, &[entry("a", "1", expires)], &[], now)[0].who;
        assert_eq!(who(Expires::At(10), 10_500.0), Who::Expiry);
        assert_eq!(who(Expires::At(10), 9_500.0), Who::Unknown);
        assert_eq!(who(Expires::BrowserSession, 10_500.0), Who::Unknown);
    }

    #[test]
    fn the_latest_announcement_of_an_entry_says_who_changed_it() {
        let announced = |name: Option<&str>, who| Announced {
            store: Store::LocalStorage,
            name: name.map(str::to_owned),
            who,
            until: 1.0,
        };
        let all = [announced(Some("a"), Who::AnotherTab), announced(Some("b"), Who::ThisTab)];
        let change = &differences(Store::LocalStorage, &[], &[entry("a", "1", Expires::Never)], 0.0)[0];
        assert_eq!(who(&all, change), Who::AnotherTab);
        assert_eq!(who(&[announced(None, Who::Server)], change), Who::Server);
        assert_eq!(who(&[], change), Who::Unknown);
    }
}
