//! State that wakes nobody.

use super::{State, copied};

/// A value that is kept beside what is shown: what `StoredValue` is, with its names and semantics. It ends as a
/// [`State`] does.
pub(crate) struct Stored<T>(State<T>);

copied!(Stored);

impl<T: Send + Sync + 'static> Stored<T> {
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn new(value: T) -> Self {
        Self(State::new(value))
    }

    pub fn set_value(self, value: T) {
        self.update_value(|old| *old = value);
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn with_value<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.0.with_untracked(read)
    }

    pub fn try_with_value<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        self.0.try_with_untracked(read)
    }

    pub fn update_value(self, change: impl FnOnce(&mut T)) {
        self.0.try_update_untracked(change);
    }

    pub fn try_update_value<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        self.0.try_update_untracked(change)
    }
}

impl<T: Clone + Send + Sync + 'static> Stored<T> {
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn get_value(self) -> T {
        self.0.get_untracked()
    }

    pub fn try_get_value(self) -> Option<T> {
        self.0.try_get_untracked()
    }
}
