//! The record of the changes: who announced them, which were found, and which rows are pointed out.

use super::{
    announced::Announcements,
    change::{Change, differences},
    marks::{MARKED_FOR, Mark, correct, fade, marked, merge},
};
use crate::{
    browser::{Entry, Store, Who},
    reactive::{State, Stored},
};
use gloo_timers::callback::Timeout;

/// Most changes that are kept; the oldest go first.
const KEPT: usize = 2_000;
/// How long after a change its maker may still make himself known, in milliseconds: tabs tell each other beforehand, but
/// the browser may be quicker with the change itself.
const LATE: f64 = 1_000.0;

/// The changes of this page, the newest last.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Journal {
    pub changes: State<Vec<Change>>,
    pub paused: State<bool>,
    /// What changed since it was paused.
    pub held: State<Vec<Change>>,
    marks: State<Vec<Mark>>,
    announced: Stored<Announcements>,
}

impl Journal {
    pub fn new() -> Self {
        Self {
            changes: State::new(Vec::new()),
            paused: State::new(false),
            held: State::new(Vec::new()),
            marks: State::new(Vec::new()),
            announced: Stored::new(Announcements::default()),
        }
    }

    /// Says beforehand who is about to change an entry, or the whole store.
    pub fn announce(self, store: Store, name: Option<&str>, who: Who) {
        self.announced.update_value(|all| all.add(store, name, who, js_sys::Date::now()));
    }

    /// Learns who changes an entry, or the whole store; the change may have been seen already.
    pub fn learn(self, store: Store, name: Option<&str>, who: Who) {
        let since = js_sys::Date::now() - LATE;
        let about = |change: &&mut Change| {
            change.store == store
                && matches!(change.who, Who::Unknown | Who::Server | Who::App)
                && name.is_none_or(|name| change.name == name)
        };
        let list = self.list();
        let learned = list.try_update_untracked(|changes| {
            let late = changes.iter_mut().rev().take_while(|change| change.at >= since);
            let learned = late.filter(about).map(|change| {
                change.who = who;
                change.clone()
            });
            learned.collect::<Vec<_>>()
        });
        let learned = learned.unwrap_or_default();
        if !learned.is_empty() {
            list.notify();
            if self.marks.try_update_untracked(|marks| correct(marks, &learned)) == Some(true) {
                self.marks.notify();
            }
        }
        if learned.is_empty() || name.is_none() {
            self.announce(store, name, who);
        }
    }

    /// Fills in who made changes of a moment ago, where that was learned later than the changes themselves.
    pub fn learned(self, changes: &mut [Change]) {
        self.list().with_untracked(|known| {
            for change in changes.iter_mut().filter(|change| change.who == Who::Unknown) {
                let same =
                    |known: &&Change| (known.at, known.store, &known.key) == (change.at, change.store, &change.key);
                if let Some(known) = known.iter().rev().find(same) {
                    change.who = known.who;
                }
            }
        });
    }

    /// Where changes are noted now.
    fn list(self) -> State<Vec<Change>> {
        if self.paused.get_untracked() { self.held } else { self.changes }
    }

    /// Notes how a store differs from what it was, and returns the differences. The server's clock is `ahead` by so many seconds.
    pub fn compare(self, store: Store, before: &[Entry], after: &[Entry], ahead: i64) -> Vec<Change> {
        let now = js_sys::Date::now();
        let mut found = differences(store, before, after, now, ahead);
        if found.is_empty() {
            return found;
        }
        self.announced.update_value(|all| all.explain(&mut found, now));
        self.marks.update(|marks| merge(marks, &found));
        let marks = self.marks;
        Timeout::new(MARKED_FOR, move || {
            let _ = marks.try_update(|marks| fade(marks, js_sys::Date::now()));
        })
        .forget();
        self.list().update(|changes| keep(changes, found.clone()));
        found
    }

    /// Who changed an entry a moment ago, if anybody did.
    pub fn mark(self, store: Store, key: &str) -> Option<Who> {
        marked(&self.marks.read(), store, key)
    }

    /// Who made the last change of an entry that is known.
    pub fn last_maker(self, store: Store, name: &str) -> Who {
        let of = |list: State<Vec<Change>>| {
            let list = list.read_untracked();
            list.iter().rfind(|change| change.store == store && change.name == name).map(|change| change.who)
        };
        of(self.held).or_else(|| of(self.changes)).unwrap_or(Who::Unknown)
    }

    /// Goes on after a pause and shows what changed meanwhile.
    pub fn resume(self) {
        self.paused.set(false);
        let held = self.held.try_update(std::mem::take).unwrap_or_default();
        self.changes.update(|changes| keep(changes, held));
    }

    /// Forgets everything.
    pub fn clear(self) {
        self.held.set(Vec::new());
        self.changes.set(Vec::new());
    }
}

/// Adds changes; the oldest make room for them.
fn keep(changes: &mut Vec<Change>, mut found: Vec<Change>) {
    changes.append(&mut found);
    let over = changes.len().saturating_sub(KEPT);
    changes.drain(..over);
}
