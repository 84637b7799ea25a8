//! How much fits: the limits of this browser, measured here and now.

mod panel;

pub(super) use panel::panel;
