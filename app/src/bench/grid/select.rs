//! Ticking rows, and deleting what is ticked as one step.

use super::{row::can_delete, view::Column};
use crate::browser::Entry;
use leptos::{prelude::*, task::spawn_local};

impl Column {
    /// Ticks a row or takes its tick back; with `range` all from the last one to this.
    pub fn tick(self, place: usize, range: bool) {
        let anchor = self.anchor.get_value();
        let on = !self.is_ticked(place);
        if range {
            self.tick_rows(anchor.min(place), anchor.max(place), on);
        } else {
            self.anchor.set_value(place);
            self.tick_rows(place, place, on);
        }
    }

    /// Ticks the rows from one to another, both included, or takes their ticks back.
    pub fn tick_rows(self, from: usize, to: usize, on: bool) {
        self.shown.with_untracked(|shown| {
            self.selected.update(|keys| {
                for entry in (from..=to).filter_map(|place| shown.get(place)) {
                    match on && can_delete(self.store, entry) {
                        true => keys.insert(entry.key()),
                        false => keys.remove(&entry.key()),
                    };
                }
            });
        });
    }

    pub fn is_ticked(self, place: usize) -> bool {
        let key = self.shown.with_untracked(|shown| shown.get(place).map(Entry::key));
        key.is_some_and(|key| self.selected.with_untracked(|keys| keys.contains(&key)))
    }

    /// How many of the rows that are shown are ticked.
    pub fn ticked(self) -> usize {
        self.selected.with(|keys| match keys.is_empty() {
            true => 0,
            false => self.shown.with(|shown| shown.iter().filter(|entry| keys.contains(&entry.key())).count()),
        })
    }

    /// How many of the rows that are shown can be ticked.
    pub fn can_tick(self) -> usize {
        self.shown.with(|shown| shown.iter().filter(|entry| can_delete(self.store, entry)).count())
    }

    /// The ticked ones among the rows that are shown.
    pub fn ticked_entries(self) -> Vec<Entry> {
        self.selected.with_untracked(|keys| {
            let is_ticked = |entry: &&Entry| keys.contains(&entry.key());
            self.shown.with_untracked(|shown| shown.iter().filter(is_ticked).cloned().collect())
        })
    }

    /// Deletes entries as one step and goes on in their place.
    pub fn delete(self, entries: Vec<Entry>, always_go_on: bool) {
        self.selected.update(|keys| {
            for entry in &entries {
                keys.remove(&entry.key());
            }
        });
        spawn_local(async move {
            self.bench.delete(self.store, entries).await;
            self.go_on(always_go_on);
        });
    }
}
