//! How much fits: the limits of this browser, measured here and now.

mod browser;
mod cleanup;
mod measure;
mod model;
mod panel;

pub(super) use cleanup::wake;
pub(super) use model::Measuring;
pub(super) use panel::panel;
