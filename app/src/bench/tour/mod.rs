//! The first visit explained in five steps.

mod panel;

pub(super) use panel::panel;
