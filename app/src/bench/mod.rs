//! The bench: the four stores side by side, each entry with what scripts see and what the server saw.

mod api;
mod areas;
mod columns;
pub(crate) mod cookies;
mod deposit;
mod further;
mod grid;
mod history;
mod inspector;
mod journal;
pub(crate) mod limits;
mod live;
mod model;
mod page;
mod pointing;
#[cfg(feature = "ssr")]
pub mod port;
mod quoting;
mod shortcuts;
mod snapshot;
mod state;
pub(crate) mod stores;
pub(crate) mod survival;
mod textbook;
mod tools;
mod tour;
pub mod wire;

pub use api::{
    ClearValues, DeleteValue, DeleteValues, Observe, PutValue, clear_values, delete_value, delete_values, observe,
    put_value,
};
pub(crate) use deposit::Typed;
pub(crate) use limits::Search;
pub use model::{
    Expected, Observation, ReceivedCookie, SESSION_COOKIE, SESSION_LIMIT_BYTES, SESSION_NAME_LIMIT_BYTES, SessionValue,
    SessionView, is_lab_name,
};
pub(crate) use model::{Refusal, Store};
pub(crate) use page::BenchPage;
pub use survival::{
    Arrival, Browser, BrowserName, Cell, Column, EndTrial, Event, Laid, LoadTrial, Marker, Pending, Run, SaveTrial,
    Seen, Sight, TRIAL_LIMIT_BYTES, Travelled, Trial, end_trial, load_trial, save_trial,
};
