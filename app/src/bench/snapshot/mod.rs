//! All that the lab holds as one file: export, import, reset.

mod panel;

pub(super) use panel::panel;
