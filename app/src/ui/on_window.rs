//! Listening at the window, with code of one type for all events.

use gloo_events::{EventListener, EventListenerOptions};
use leptos::{
    ev::Event,
    prelude::{on_cleanup, window},
};
use send_wrapper::SendWrapper;

/// Calls `heard` with every event of this name at the window, for as long as the current owner lives.
pub(crate) fn on_window(event: &'static str, heard: impl FnMut(&Event) + 'static) {
    let heard: Box<dyn FnMut(&Event)> = Box::new(heard);
    let options = EventListenerOptions::enable_prevent_default();
    let listener = SendWrapper::new(EventListener::new_with_options(&window(), event, options, heard));
    on_cleanup(move || drop(listener));
}
