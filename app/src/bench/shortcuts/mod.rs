//! The keys that work wherever the focus is, and their list under `?`.

mod listen;
mod panel;
mod setting;

pub(super) use listen::listen;
pub(super) use panel::panel;
