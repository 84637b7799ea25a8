//! The textbook's comparison of the stores beside what was measured here.

mod panel;

pub(super) use panel::panel;
