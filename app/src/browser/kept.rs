//! What cannot leave the browser's one thread.

use leptos::prelude::*;

/// A place for it, for as long as the page's part lives. The server, which renders that part as well and drops it on
/// whatever thread, has no such place.
pub(crate) struct Kept<T: 'static>(Option<StoredValue<Option<T>, LocalStorage>>);

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kept<T> {}

impl<T> Kept<T> {
    pub fn new() -> Self {
        Self(cfg!(target_arch = "wasm32").then(|| StoredValue::new_local(None)))
    }

    /// Puts something there instead of what was there; tells whether there is a place.
    pub fn put(self, what: T) -> bool {
        self.0.is_some_and(|place| place.try_set_value(Some(what)).is_none())
    }

    pub fn take(self) -> Option<T> {
        self.0?.try_update_value(Option::take).flatten()
    }

    /// Looks at what is there.
    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> Option<U> {
        self.0?.try_with_value(|what| what.as_ref().map(look)).flatten()
    }
}
