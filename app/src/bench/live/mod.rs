//! How the page hears of changes that it did not make: by events where the browser has them, from other tabs, and from
//! the server for as long as the page is seen. What has no event is glanced at each second.

mod event_stream;
mod status_announcer;
mod tabs;

use super::state::Bench;
use crate::{
    browser::{Area, Store, Who, cookies, is_probe, optional::address},
    reactive::{State, Stored},
    text::units::exact,
    ui::on_window,
};
use event_stream::Link;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::Reflect;
use leptos::{ev::PageTransitionEvent, prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

/// What hears of changes.
#[derive(Clone, Copy)]
pub(super) struct Live {
    /// How the page stands with the server.
    link: State<Link>,
}

impl Live {
    pub fn new() -> Self {
        Self { link: State::new(Link::Off) }
    }

    /// How the page stands with the server, in words.
    pub fn words(self) -> &'static str {
        self.link.get().words()
    }

    /// Listens for as long as the bench is on the page.
    pub fn listen(self, bench: Bench) {
        listen_to_storage(bench);
        listen_to_cookies(bench);
        listen_to_address(bench);
        listen_to_page(bench);
        tabs::listen(bench);
        event_stream::listen(bench, self.link);
        status_announcer::listen(bench);
    }
}

/// Looks anew whenever the page comes into sight, and each second at what has no event.
fn listen_to_page(bench: Bench) {
    let shown = move || {
        if !document().hidden() {
            bench.refresh();
        }
    };
    on_window("focus", move |_| bench.refresh());
    on_window("online", move |_| bench.refresh());
    on_window("pageshow", move |event| {
        if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
            bench.refresh();
        }
    });
    on_window("visibilitychange", move |_| shown());
    let clock = SendWrapper::new(Interval::new(1_000, move || {
        bench.ticks.update(|ticks| *ticks += 1);
        bench.glance();
    }));
    on_cleanup(move || drop(clock));
}

/// The `storage` events come from other documents alone; those of sessionStorage from frames of this tab.
fn listen_to_storage(bench: Bench) {
    on_window("storage", move |event| {
        let Some(event) = event.dyn_ref::<StorageEvent>() else { return };
        let local = event.storage_area().is_some() && event.storage_area() == Area::Local.open().ok();
        let store = if local { Store::LocalStorage } else { Store::SessionStorage };
        let name = event.key().map(|name| exact(name, &|| Reflect::get(event, &"key".into()).ok()));
        if name.as_deref().is_some_and(is_probe) {
            return;
        }
        if local {
            // The glance of each second may have been quicker.
            bench.journal.learn(store, name.as_deref(), Who::AnotherTab);
        }
        bench.changed_key(store, name);
    });
}

/// `cookieStore` tells of changes; without it the string that scripts see is glanced at each second.
fn listen_to_cookies(bench: Bench) {
    let changed = move || spawn_local(bench.read_cookies());
    let Some(store) = cookies::cookie_store() else {
        let last = Stored::new(cookies::cookie_string());
        let glance = SendWrapper::new(Interval::new(1_000, move || {
            let now = cookies::cookie_string();
            if last.get_value() != now {
                last.set_value(now);
                changed();
            }
        }));
        return on_cleanup(move || drop(glance));
    };
    let heard = SendWrapper::new(EventListener::new(&store, "change", move |_| changed()));
    on_cleanup(move || drop(heard));
}

/// Going back and forward is told by an event; what scripts make of the address is glanced at each second.
fn listen_to_address(bench: Bench) {
    let last = Stored::new(address::query());
    let glance = move || {
        let now = address::query();
        if last.try_with_value(|last| *last != now) == Some(true) {
            last.set_value(now);
            bench.heard(Store::Address);
        }
    };
    // In any case: what was read between two glances may be another address than both.
    on_window("popstate", move |_| {
        last.set_value(address::query());
        bench.heard(Store::Address);
    });
    let clock = SendWrapper::new(Interval::new(1_000, glance));
    on_cleanup(move || drop(clock));
}
