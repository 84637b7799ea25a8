//! The parts of an experiment's page that change: what to choose and press, what is seen, what it came to.

mod controls;
mod fields;
mod steps;
mod verdict;

pub(super) use controls::controls;
pub(super) use steps::steps;
pub(super) use verdict::verdict;
