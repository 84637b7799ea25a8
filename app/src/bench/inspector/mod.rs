//! A name in every store: what each holds under it with its lanes, sizes, the value taken apart and copies of it, and what
//! differs between them.

mod coats;
mod copy;
mod difference;
mod ids;
mod json;
mod jwt;
mod lanes;
mod opaque;
mod panel;
mod report;
mod sealed;
mod shapes;
mod value;

pub(super) use panel::panel;
