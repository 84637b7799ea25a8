//! What the open tabs tell each other: which entry one of them is about to change, or that the whole store may have
//! changed. Web storage needs no telling, its events name the entry.

use crate::{
    bench::{state::Bench, stream::News},
    browser::{Store, Who},
    reactive::Stored,
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

/// Tells the other tabs what this one is about to change, and hears what they tell. Returns whether the browser lets them:
/// the constructor may throw where it keeps nothing for the page.
pub(super) fn listen(bench: Bench) -> bool {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return false };
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
    let channel = Stored::new(Some(SendWrapper::new(Channel { channel, _heard: heard })));
    bench.stream.follow(move |news| {
        let News::Changing(store, name) = news else { return };
        // Web storage has events of its own, and each tab an address.
        if matches!(store, Store::SessionStorage | Store::LocalStorage | Store::Address) {
            return;
        }
        channel.try_with_value(|channel| {
            if let Some(open) = channel {
                let _ = open.channel.post_message(&JsValue::from_str(&write(store, name)));
            }
        });
    });
    on_cleanup(move || channel.set_value(None));
    true
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
