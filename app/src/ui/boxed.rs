//! Changing text, flags and parts of a page, effects and handlers, of one type each. Every closure put straight into a
//! view, a signal or an effect becomes code of its own to run it; boxed they share it, which keeps the WASM small.

use leptos::prelude::{Effect, Signal};

/// Text that changes.
pub(crate) fn text(of: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    let of: Box<dyn Fn() -> String + Send + Sync> = Box::new(of);
    Signal::derive(of)
}

/// Something that holds or not.
pub(crate) fn flag(of: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    let of: Box<dyn Fn() -> bool + Send + Sync> = Box::new(of);
    Signal::derive(of)
}

/// A flag as ARIA spells it: `true` or `false`.
pub(crate) fn aria(of: impl Fn() -> bool + Send + Sync + 'static) -> Signal<String> {
    text(move || of().to_string())
}

/// A part of a page that changes: a view, or one that is there at times.
pub(crate) fn changing<V: 'static>(of: impl FnMut() -> V + Send + 'static) -> Box<dyn FnMut() -> V + Send> {
    Box::new(of)
}

/// Work for the browser: done at once, and again whenever something has changed that it read.
pub(crate) fn effect(work: impl FnMut() + 'static) {
    let work: Box<dyn FnMut()> = Box::new(work);
    Effect::new(work);
}

/// What is done about an event.
pub(crate) fn handler<E: 'static>(work: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(work)
}
