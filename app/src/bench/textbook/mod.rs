//! The textbook's comparison of the stores beside what was measured in this browser.

mod book;
mod judge;
mod measure;
mod other_tab;
mod panel;

pub(super) use book::Finding;
pub(super) use panel::{Textbook, panel};
