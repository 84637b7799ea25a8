//! What the stores that can be switched on hold, as of the last look, and what the tabs tell each other of them: no event
//! tells of a change there.

use super::{
    model::{Entry, Store},
    state::{Bench, Entries},
    stores::further::{self, Found, Room, Trouble},
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "lab-further";

/// What came of reading one of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Look {
    /// Nothing yet.
    #[default]
    Reading,
    /// What else there is beside its entries, and how much by the browser's own count.
    Read { others: Vec<String>, room: Option<Room> },
    Failed(Trouble),
}

/// One of them as this page sees it.
#[derive(Clone, Copy)]
struct Seen {
    look: RwSignal<Look>,
    entries: RwSignal<Entries>,
    /// Counts the readings, so that one that was overtaken by the next is dropped.
    readings: StoredValue<u32>,
}

/// The three as this page sees them.
#[derive(Clone, Copy)]
pub(super) struct FurtherView {
    seen: [Seen; 3],
    channel: StoredValue<Option<SendWrapper<BroadcastChannel>>>,
}

impl FurtherView {
    pub fn new() -> Self {
        let seen = Store::FURTHER.map(|_| Seen {
            look: RwSignal::default(),
            entries: RwSignal::default(),
            readings: StoredValue::new(0),
        });
        Self { seen, channel: StoredValue::new(None) }
    }

    fn of(self, store: Store) -> Option<Seen> {
        Store::FURTHER.into_iter().zip(self.seen).find(|(further, _)| *further == store).map(|(_, seen)| seen)
    }

    pub fn entries(self, store: Store) -> Entries {
        self.of(store).map(|seen| seen.entries.get()).unwrap_or_default()
    }

    pub fn look(self, store: Store) -> Look {
        self.of(store).map(|seen| seen.look.get()).unwrap_or_default()
    }

    /// Reads one of them; tells whether its entries are known now. What was known stays when it cannot be read.
    pub async fn read(self, store: Store) -> bool {
        let Some(Seen { look, entries, readings }) = self.of(store) else { return false };
        let begun = readings.try_update_value(|readings| {
            *readings += 1;
            *readings
        });
        let outcome = further::list(store).await;
        if readings.try_get_value() != begun {
            return false;
        }
        let known = outcome.is_ok();
        let now = match outcome {
            Ok(Found { entries: now, others, room }) => {
                set(entries, now);
                Look::Read { others, room }
            }
            Err(trouble) => Look::Failed(trouble),
        };
        look.try_set(now);
        known
    }

    /// Tells the other tabs that this one has changed a store.
    pub fn tell(self, store: Store) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                let _ = channel.post_message(&JsValue::from_str(store.slug()));
            }
        });
    }

    /// Hears what the other tabs tell, for as long as the bench is on the page.
    pub fn listen(self, bench: Bench) {
        let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let told = event.data().as_string();
            if let Some(store) = Store::FURTHER.into_iter().find(|store| told.as_deref() == Some(store.slug())) {
                bench.heard(store);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        self.channel.set_value(Some(SendWrapper::new(channel)));
        let heard = StoredValue::new_local(Some(heard));
        on_cleanup(move || {
            if let Some(channel) = self.channel.try_update_value(Option::take).flatten() {
                channel.close();
            }
            heard.set_value(None);
        });
    }
}

fn set(entries: RwSignal<Entries>, now: Vec<Entry>) {
    if entries.try_with_untracked(|before| **before != now) == Some(true) {
        entries.try_set(Arc::new(now));
    }
}
