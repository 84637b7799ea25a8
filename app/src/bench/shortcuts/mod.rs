//! The keys, listed under `?`.

mod panel;

pub(super) use panel::panel;
