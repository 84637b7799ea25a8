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
use web_sys::{Event, StorageEvent};

/// What hears of changes.
#[derive(Clone, Copy)]
pub(super) struct Live {
    /// How the page stands with the server.
    link: State<Link>,
    /// Whether the browser keeps tabs from telling each other.
    apart: State<bool>,
}

/// What the foot says then: storage events and cookie changes come all the same.
const APART: &str = " Tabs cannot tell each other anything here: what has no event, as of files and HttpOnly cookies, shows once you \
                     come back to this page.";

impl Live {
    pub fn new() -> Self {
        Self { link: State::new(Link::Off), apart: State::new(false) }
    }

    /// How the page hears of changes, in words.
    pub fn words(self) -> String {
        [self.link.get().words(), if self.apart.get() { APART } else { "" }].concat()
    }

    /// Listens for as long as the bench is on the page.
    pub fn listen(self, bench: Bench) {
        listen_to_storage(bench);
        listen_to_page(bench, listen_to_cookies(bench), listen_to_address(bench));
        self.apart.set(!tabs::listen(bench));
        event_stream::listen(bench, self.link);
        status_announcer::listen(bench);
    }
}

/// Looks anew whenever the page comes into sight, and each second at what has no event: at the string of cookies that scripts see
/// only where there is one to compare it with.
fn listen_to_page(bench: Bench, cookie_string: Option<Stored<String>>, query: Stored<String>) {
    let shown = move || {
        if !document().hidden() {
            bench.refresh();
        }
    };
    for event in ["focus", "online"] {
        on_window(event, move |_| bench.refresh());
    }
    on_window("pageshow", move |event| {
        if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
            bench.refresh();
        }
    });
    on_window("visibilitychange", move |_| shown());
    let clock = SendWrapper::new(Interval::new(1_000, move || {
        bench.ticks.update(|ticks| *ticks += 1);
        bench.glance();
        if cookie_string.is_some_and(|last| is_another(last, cookies::cookie_string())) {
            spawn_local(bench.read_cookies());
        }
        if is_another(query, address::query()) {
            bench.heard(Store::Address);
        }
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

/// Whether a text is another one than at the last glance.
fn is_another(last: Stored<String>, now: String) -> bool {
    let is_another = last.try_with_value(|last| *last != now) == Some(true);
    if is_another {
        last.set_value(now);
    }
    is_another
}

/// `cookieStore` tells of changes; without it the string that scripts see has to be glanced at.
fn listen_to_cookies(bench: Bench) -> Option<Stored<String>> {
    let Some(store) = cookies::cookie_store() else { return Some(Stored::new(cookies::cookie_string())) };
    let changed = move |_: &Event| spawn_local(bench.read_cookies());
    let heard = SendWrapper::new(EventListener::new(&store, "change", changed));
    on_cleanup(move || drop(heard));
    None
}

/// Going back and forward is told by an event; what scripts make of the address has to be glanced at.
fn listen_to_address(bench: Bench) -> Stored<String> {
    let last = Stored::new(address::query());
    // In any case: what was read between two glances may be another address than both.
    on_window("popstate", move |_| {
        last.set_value(address::query());
        bench.heard(Store::Address);
    });
    last
}
