//! State that is read and written, and wakes whoever has read it.

use super::{copied, typed};
use leptos::{
    prelude::*,
    reactive::signal::guards::{Plain, ReadGuard},
};
use std::{any::Any, marker::PhantomData, ops::Deref};

type Value = Box<dyn Any + Send + Sync>;

/// A value that changes: what `RwSignal` is, with its names and semantics. It lives as long as the owner it was made
/// under. Afterwards the `set` and `update` methods do nothing, the `try_` methods return `None`, and the other methods
/// panic.
pub(crate) struct State<T> {
    cell: RwSignal<Value>,
    holds: PhantomData<fn() -> T>,
}

copied!(State);

/// The value while it is read; nothing writes it meanwhile.
pub(crate) struct Ref<T> {
    guard: ReadGuard<Value, Plain<Value>>,
    holds: PhantomData<fn() -> T>,
}

impl<T: 'static> Deref for Ref<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let value: &(dyn Any + Send + Sync) = &**self.guard;
        typed(value.downcast_ref())
    }
}

impl<T> From<ReadGuard<Value, Plain<Value>>> for Ref<T> {
    fn from(guard: ReadGuard<Value, Plain<Value>>) -> Self {
        Self { guard, holds: PhantomData }
    }
}

impl<T: Default + Send + Sync + 'static> Default for State<T> {
    #[cfg_attr(debug_assertions, track_caller)]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Send + Sync + 'static> State<T> {
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn new(value: T) -> Self {
        Self { cell: RwSignal::new(Box::new(value)), holds: PhantomData }
    }

    /// Replaces the value and wakes whoever has read it.
    pub fn set(self, value: T) {
        set(self.cell, Box::new(value));
    }

    /// Like [`Self::set`]; gives the value back where the state is gone.
    pub fn try_set(self, value: T) -> Option<T> {
        if self.is_disposed() {
            return Some(value);
        }
        self.set(value);
        None
    }
}

impl<T: 'static> State<T> {
    /// Whether its owner is gone.
    pub fn is_disposed(self) -> bool {
        self.cell.is_disposed()
    }

    /// Wakes the caller when the value changes, without reading it.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn track(self) {
        self.cell.track();
    }

    /// Wakes whoever has read the value.
    pub fn notify(self) {
        self.cell.notify();
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn read(self) -> Ref<T> {
        self.cell.read().into()
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn read_untracked(self) -> Ref<T> {
        self.cell.read_untracked().into()
    }

    pub fn try_read_untracked(self) -> Option<Ref<T>> {
        Some(self.cell.try_read_untracked()?.into())
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(&self.read())
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(&self.read_untracked())
    }

    pub fn try_with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        Some(read(&*self.try_read_untracked()?))
    }

    /// Changes the value in place and wakes whoever has read it.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// Like [`Self::update`], with what the change returns.
    pub fn try_update<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        let mut value = self.cell.try_write()?;
        Some(change(typed(value.as_mut().downcast_mut())))
    }

    /// Like [`Self::try_update`], but wakes nobody.
    pub fn try_update_untracked<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        let mut value = self.cell.try_write_untracked()?;
        Some(change(typed(value.as_mut().downcast_mut())))
    }
}

impl<T: Clone + 'static> State<T> {
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn get(self) -> T {
        self.read().clone()
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn get_untracked(self) -> T {
        self.read_untracked().clone()
    }

    pub fn try_get_untracked(self) -> Option<T> {
        self.try_with_untracked(T::clone)
    }
}

fn set(cell: RwSignal<Value>, value: Value) {
    cell.set(value);
}
