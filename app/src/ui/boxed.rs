//! Changing text, flags and parts of a page, effects and handlers, of one type each. Every closure put straight into a
//! view, a memo or an effect becomes code of its own to run it; boxed they share it, which keeps the WASM small. Text and
//! flags are memos because a `Signal` brings the code for every kind of signal along that it can be.

use leptos::{prelude::*, tachys::view::iterators::StaticVec};

/// What a memo computes, from what it held before.
type Compute<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

/// Text that changes.
pub(crate) fn text(of: impl Fn() -> String + Send + Sync + 'static) -> Memo<String> {
    let of: Compute<String> = Box::new(move |_| of());
    Memo::new(of)
}

/// Something that holds or not.
pub(crate) fn flag(of: impl Fn() -> bool + Send + Sync + 'static) -> Memo<bool> {
    let of: Compute<bool> = Box::new(move |_| of());
    Memo::new(of)
}

/// A flag as ARIA spells it: `true` or `false`.
pub(crate) fn aria(of: impl Fn() -> bool + Send + Sync + 'static) -> Memo<String> {
    text(move || of().to_string())
}

/// A part of a page that changes: a view, or one that is there at times.
pub(crate) fn changing<V: Into<Option<AnyView>>>(
    mut of: impl FnMut() -> V + Send + 'static,
) -> Box<dyn FnMut() -> AnyView + Send> {
    Box::new(move || of().into().unwrap_or_else(|| ().into_any()))
}

/// Parts one after the other, as many as there are from the beginning.
pub(crate) fn parts(all: impl IntoIterator<Item = AnyView>) -> StaticVec<AnyView> {
    all.into_iter().collect::<Vec<_>>().into()
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
