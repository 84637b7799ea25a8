//! State that follows from other state.

use super::{copied, typed};
use leptos::prelude::*;
use std::{any::Any, marker::PhantomData, sync::Arc};

type Value = Arc<dyn Any + Send + Sync>;
type Compute = Box<dyn Fn(Option<&Value>) -> Value + Send + Sync>;

/// A value computed from others: what `Memo` is, with its names and semantics. It is computed when it is first read, and
/// again when it is read after something has changed; an equal value wakes nobody.
pub(crate) struct Derived<T> {
    memo: Memo<Value>,
    holds: PhantomData<fn() -> T>,
}

copied!(Derived);

impl<T: PartialEq + Send + Sync + 'static> Derived<T> {
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn new(compute: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let compute: Compute = Box::new(move |_| Arc::new(compute()));
        Self { memo: Memo::new_with_compare(compute, differ::<T>), holds: PhantomData }
    }

    /// Wakes the caller when the value changes, without keeping it.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn track(self) {
        self.memo.track();
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn read(self) -> Arc<T> {
        typed(self.memo.get().downcast().ok())
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn read_untracked(self) -> Arc<T> {
        typed(self.memo.get_untracked().downcast().ok())
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(&self.read())
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(&self.read_untracked())
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Derived<T> {
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn get(self) -> T {
        T::clone(&self.read())
    }

    #[cfg_attr(debug_assertions, track_caller)]
    pub fn get_untracked(self) -> T {
        T::clone(&self.read_untracked())
    }
}

fn differ<T: PartialEq + 'static>(before: Option<&Value>, now: Option<&Value>) -> bool {
    before.and_then(|before| before.downcast_ref::<T>()) != now.and_then(|now| now.downcast_ref::<T>())
}
