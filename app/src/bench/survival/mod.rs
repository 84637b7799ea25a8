//! Then something happens: what each store still holds after an event, found with markers that were really there.
//!
//! [`model`] says what a trial is and how it is judged, [`api`] and [`port`] keep it on the server, so that it goes on
//! after the tab or the browser was closed.

mod api;
mod model;
mod panel;
#[cfg(feature = "ssr")]
pub mod port;

pub use api::{EndTrial, LoadTrial, SaveTrial, end_trial, load_trial, save_trial};
pub use model::{
    Arrival, Browser, BrowserName, Cell, Column, Event, Laid, Marker, Pending, Run, Seen, Sight, TRIAL_LIMIT_BYTES,
    Travelled, Trial,
};
pub(super) use panel::panel;
