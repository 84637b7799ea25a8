//! One entry in full: its lanes, its value taken apart, its attributes.

mod panel;

pub(super) use panel::panel;
