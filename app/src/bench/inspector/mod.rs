//! A name in every store: what each holds under it with its lanes, sizes, the value taken apart and copies of it, and what
//! differs between them.

mod copy;
mod difference;
mod lanes;
mod panel;
mod shapes;
mod value;

pub(super) use panel::panel;
