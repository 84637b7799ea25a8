//! State in a view: as text or a flag, and bound to a field. A view knows these few types alone.

use super::{flag, handler, text};
use crate::reactive::State;
use leptos::{ev::Event, prelude::*};

impl State<String> {
    /// Its text as it changes.
    pub fn text(self) -> Memo<String> {
        text(move || self.get())
    }

    /// Takes in what the field holds to which the event happens.
    pub fn typed(self) -> Box<dyn FnMut(Event)> {
        handler(move |event| self.set(event_target_value(&event)))
    }
}

impl State<bool> {
    /// Whether it holds, as it changes.
    pub fn flag(self) -> Memo<bool> {
        flag(move || self.get())
    }

    /// Takes in whether the box is ticked to which the event happens.
    pub fn ticked(self) -> Box<dyn FnMut(Event)> {
        handler(move |event| self.set(event_target_checked(&event)))
    }
}
