//! How the bench hears of what changes in the app's page.

use super::{port::Notice, stores::ONCE_USED};
use crate::{
    bench::state::Bench,
    browser::{Store, Who},
    json::Value,
    ui::on_window,
};
use gloo_timers::callback::Interval;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

/// Listens for as long as the bench is on the page.
pub(super) fn listen(bench: Bench) {
    read_once_used(bench);
    on_window("focus", move |_| refresh(bench));
    let clock = SendWrapper::new(Interval::new(1_000, move || {
        bench.ticks.update(|ticks| *ticks += 1);
        bench.glance();
    }));
    on_cleanup(move || drop(clock));
}

/// Looks at everything anew.
pub(super) fn refresh(bench: Bench) {
    bench.refresh();
    read_once_used(bench);
}

fn read_once_used(bench: Bench) {
    for store in ONCE_USED {
        spawn_local(bench.read_further(store));
    }
}

/// What the page tells: that a store of its has changed, and who did it.
pub(super) fn hear(bench: Bench, Notice(told): &Notice) {
    let Some(store) = told.get("store").text().and_then(|slug| Store::of(&slug)) else { return };
    let who = if told.get("by").text().as_deref() == Some("tab") { Who::AnotherTab } else { Who::App };
    bench.journal.learn(store, None, who);
    match store {
        // At another path other cookies travel, also where scripts see the same.
        Store::Cookies if told.get("moved").flag() == Some(true) => spawn_local(bench.ask_server()),
        Store::Cookies => spawn_local(bench.read_cookies()),
        Store::SessionStorage | Store::LocalStorage => bench.changed_key(store, None),
        _ => spawn_local(bench.read_further(store)),
    }
}
