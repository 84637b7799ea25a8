//! One entry in full: its lanes, its sizes, its value taken apart, and copies of it.

mod copy;
mod lanes;
mod panel;
mod shapes;
mod value;

pub(super) use panel::panel;
