//! How the page hears of changes that it did not make: by events where the browser has them, from other tabs, and from
//! the server for as long as the page is seen. What has no event is glanced at each second.

mod ear;
mod tabs;

use super::{
    journal::{Change, news},
    state::Bench,
};
use crate::browser::{Area, Store, Who, cookies, is_probe, optional::address};
pub(super) use ear::Link;
use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use leptos::{ev, prelude::*, task::spawn_local};
pub(super) use tabs::Tabs;
use web_sys::StorageEvent;

/// How long changes of others are gathered before they are announced, in milliseconds.
const TOLD_AFTER: u32 = 500;
/// How long the status line is left to what this tab did, in milliseconds.
const OWN_NEWS_STAYS: u32 = 4_000;

/// Listens for as long as the bench is on the page.
pub(super) fn listen(bench: Bench) {
    listen_to_storage(bench);
    listen_to_cookies(bench);
    listen_to_address(bench);
    bench.tabs.listen(bench);
    ear::listen(bench);
    bench.herald.watch(bench);

    let shown = move || {
        if !document().hidden() {
            bench.refresh();
        }
    };
    let handles = [
        window_event_listener(ev::focus, move |_| bench.refresh()),
        window_event_listener(ev::online, move |_| bench.refresh()),
    ];
    let shown_again = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            bench.refresh();
        }
    });
    let visible = window_event_listener(ev::visibilitychange, move |_| shown());
    let clock = StoredValue::new_local(Some(Interval::new(1_000, move || {
        bench.ticks.update(|ticks| *ticks += 1);
        bench.glance_at_areas();
    })));
    on_cleanup(move || {
        handles.into_iter().for_each(|handle| handle.remove());
        shown_again.remove();
        visible.remove();
        clock.set_value(None);
    });
}

/// The `storage` events come from other documents alone; those of sessionStorage from frames of this tab.
fn listen_to_storage(bench: Bench) {
    let heard = move |event: StorageEvent| {
        let local = event.storage_area().is_some() && event.storage_area() == Area::Local.open().ok();
        let store = if local { Store::LocalStorage } else { Store::SessionStorage };
        let name = event.key();
        if name.as_deref().is_some_and(is_probe) {
            return;
        }
        if local {
            // The glance of each second may have been quicker.
            bench.journal.learn(store, name.as_deref(), Who::AnotherTab);
        }
        bench.changed_key(store, name);
    };
    let handle = window_event_listener(ev::storage, heard);
    on_cleanup(move || handle.remove());
}

/// `cookieStore` tells of changes; without it the string that scripts see is glanced at each second.
fn listen_to_cookies(bench: Bench) {
    let changed = move || spawn_local(bench.read_cookies());
    let Some(store) = cookies::cookie_store() else {
        let last = StoredValue::new(cookies::cookie_string());
        let glance = StoredValue::new_local(Some(Interval::new(1_000, move || {
            let now = cookies::cookie_string();
            if last.get_value() != now {
                last.set_value(now);
                changed();
            }
        })));
        return on_cleanup(move || glance.set_value(None));
    };
    let heard = StoredValue::new_local(Some(EventListener::new(&store, "change", move |_| changed())));
    on_cleanup(move || heard.set_value(None));
}

/// Going back and forward is told by an event; what scripts make of the address is glanced at each second.
fn listen_to_address(bench: Bench) {
    let last = StoredValue::new(address::query());
    let glance = move || {
        let now = address::query();
        if last.try_with_value(|last| *last != now) == Some(true) {
            last.set_value(now);
            bench.heard(Store::Address);
        }
    };
    let moved = window_event_listener(ev::popstate, move |_| glance());
    let clock = StoredValue::new_local(Some(Interval::new(1_000, glance)));
    on_cleanup(move || {
        moved.remove();
        clock.set_value(None);
    });
}

/// Says in the status line what others changed. What comes in a burst is said together, and this tab's own news is left time
/// to be read.
#[derive(Clone, Copy)]
pub(super) struct Herald {
    gathered: StoredValue<Vec<Change>>,
    said: StoredValue<String>,
    /// When the status line last told of something else, in milliseconds by the browser's clock.
    other: StoredValue<f64>,
}

impl Herald {
    pub fn new() -> Self {
        let said = StoredValue::new(String::new());
        Self { gathered: StoredValue::new(Vec::new()), said, other: StoredValue::new(f64::NEG_INFINITY) }
    }

    /// Notes when the status line tells of something else.
    fn watch(self, bench: Bench) {
        Effect::new(move |before: Option<()>| {
            let status = bench.status.read();
            if before.is_some() && self.said.with_value(|said| *said != *status) {
                self.other.set_value(js_sys::Date::now());
            }
        });
    }

    /// Gathers changes to be told.
    pub fn tell(self, bench: Bench, changes: Vec<Change>) {
        let first = self.gathered.with_value(Vec::is_empty);
        self.gathered.update_value(|gathered| gathered.extend(changes));
        if first && self.gathered.with_value(|gathered| !gathered.is_empty()) {
            self.tell_in(bench, TOLD_AFTER);
        }
    }

    fn tell_in(self, bench: Bench, milliseconds: u32) {
        Timeout::new(milliseconds, move || {
            let Some(other) = self.other.try_get_value() else { return };
            let wait = other + f64::from(OWN_NEWS_STAYS) - js_sys::Date::now();
            if wait > 0.0 {
                return self.tell_in(bench, wait as u32 + 1);
            }
            let changes = self.gathered.try_update_value(std::mem::take).unwrap_or_default();
            if let Some(news) = news(&changes) {
                self.said.set_value(news.clone());
                bench.status.set(news);
            }
        })
        .forget();
    }
}
