//! Changing text and flags of one type each. Every closure put straight into a view becomes rendering code of its own;
//! as signals of one type they share it, which keeps the WASM small.

use leptos::prelude::Signal;

/// Text that changes.
pub(crate) fn text(of: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(of)
}

/// Something that holds or not.
pub(crate) fn flag(of: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(of)
}

/// A flag as ARIA spells it: `true` or `false`.
pub(crate) fn aria(of: impl Fn() -> bool + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || of().to_string())
}
