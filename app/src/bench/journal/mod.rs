//! What changed, when, and who did it: found by comparing what a store held with what it holds now.

mod announced;
mod change;
mod export;
mod marks;
mod news;
mod panel;
mod record;

pub(super) use change::Change;
pub(super) use news::news;
pub(super) use panel::panel;
pub(super) use record::Journal;
