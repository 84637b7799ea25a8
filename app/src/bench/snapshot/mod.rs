//! All that the bench sees as one file: taking it, restoring it, and resetting the lab.

mod commands;
mod export;
mod file;
mod import;
mod out_of_reach;
mod panel;
mod plan;
mod reset;

pub(super) use panel::panel;
pub(super) use reset::dialog;
