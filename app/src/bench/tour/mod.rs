//! The first visit explained in five steps.

mod offer;
mod panel;
mod progress;

pub(super) use offer::offer;
pub(super) use panel::panel;
pub(super) use progress::{AGAIN_ID, Tour};
