//! Reactive state of few types.
//!
//! Leptos compiles its arena, locks, guards and graph anew for every type of value that a signal, a memo or a stored
//! value holds: 2 to 4 KB of WASM for each of about sixty types. The handles here keep Leptos' semantics over one
//! instance of each: the value lies in a box of no static type, and its type is looked up where it is read or written.
//! That costs one allocation for each value and one comparison of type ids for each access.

mod derived;
mod state;
mod stored;
#[cfg(test)]
mod tests;

pub(crate) use derived::Derived;
pub(crate) use state::State;
pub(crate) use stored::Stored;

/// A value of the type that its handle names. The handle alone puts values in, so that the type is always right.
fn typed<V>(downcast: Option<V>) -> V {
    match downcast {
        Some(value) => value,
        None => unreachable!("a value has the type of its handle"),
    }
}

/// Makes a handle `Copy` whatever it holds; derived implementations would ask that of the value.
macro_rules! copied {
    ($handle:ident) => {
        impl<T> Clone for $handle<T> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<T> Copy for $handle<T> {}
    };
}
use copied;
