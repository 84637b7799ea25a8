//! What the open tabs tell each other: which entry one of them is about to change, or that the whole store may have
//! changed. Web storage needs no telling, its events name the entry.

use crate::{
    bench::state::Bench,
    browser::{Store, Who},
};
use gloo_events::EventListener;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "lab-changing";

/// What is told and heard over; what hears goes with it.
struct Channel {
    channel: BroadcastChannel,
    _heard: EventListener,
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// The line to the other tabs.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Tabs {
    channel: StoredValue<Option<SendWrapper<Channel>>>,
}

impl Tabs {
    pub fn new() -> Self {
        Self { channel: StoredValue::new(None) }
    }

    /// Tells the other tabs that this one is about to change an entry, or that any of the store may change or have
    /// changed. Each has an address of its own.
    pub fn tell(self, store: Store, name: Option<&str>) {
        if matches!(store, Store::SessionStorage | Store::LocalStorage | Store::Address) {
            return;
        }
        self.channel.with_value(|channel| {
            if let Some(open) = channel {
                let _ = open.channel.post_message(&JsValue::from_str(&write(store, name)));
            }
        });
    }

    /// Hears what the other tabs tell.
    pub(super) fn listen(self, bench: Bench) {
        let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
        let heard = EventListener::new(&channel, "message", move |event| {
            let told = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
            if let Some((store, name)) = told.as_deref().and_then(read) {
                bench.expect_session_cookie(store);
                bench.journal.learn(store, name, Who::AnotherTab);
                if name.is_none() {
                    bench.heard(store);
                }
            }
        });
        self.channel.set_value(Some(SendWrapper::new(Channel { channel, _heard: heard })));
        on_cleanup(move || self.channel.set_value(None));
    }
}

fn write(store: Store, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{} {name}", store.slug()),
        None => store.slug().to_owned(),
    }
}

fn read(told: &str) -> Option<(Store, Option<&str>)> {
    let (slug, name) = match told.split_once(' ') {
        Some((slug, name)) => (slug, Some(name)),
        None => (told, None),
    };
    Store::ALL.into_iter().find(|store| store.slug() == slug).map(|store| (store, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_tab_tells_the_other_understands() {
        for name in [None, Some("lab-a"), Some(""), Some("a name with spaces")] {
            assert_eq!(read(&write(Store::ServerSession, name)), Some((Store::ServerSession, name)));
        }
        assert_eq!(read("nonsense lab-a"), None);
    }
}
