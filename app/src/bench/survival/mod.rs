//! Survival: what each store still holds after an event, found with markers that were really there.
//!
//! [`model`] says what a trial is and how it is judged, [`api`] and [`port`] keep it on the server, so that it goes on
//! after the tab or the browser was closed. [`markers`] are laid, [`events`] happen, [`readers`] say what is left; the
//! [`panel`] shows it, the [`dialog`] shows how a cell came about, and [`share_panel`] and [`share`] give it to others.

mod api;
mod copy_button;
mod dialog;
mod events;
mod markers;
mod model;
mod panel;
#[cfg(feature = "ssr")]
pub mod port;
pub(crate) mod readers;
mod share;
mod share_panel;

pub use api::{EndTrial, LoadTrial, SaveTrial, end_trial, load_trial, save_trial};
pub use model::{
    Arrival, Browser, BrowserName, Cell, Column, Event, Laid, Marker, Outcome, Pending, Run, Seen, Sight,
    TRIAL_LIMIT_BYTES, Travelled, Trial,
};
pub(super) use panel::{is_named, panel};
