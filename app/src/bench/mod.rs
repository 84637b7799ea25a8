//! The bench: the four stores side by side, each entry with what scripts see and what the server saw.

// Those at which the code is split, before the rest (see `lib.rs`).
mod limits;
mod tools;

mod edits;
mod grid;

mod columns;
mod cookies;
mod deposit;
mod dock;
mod history;
mod inspector;
mod journal;
mod live;
mod moment;
mod optional;
mod page;
mod pointing;
#[cfg(feature = "ssr")]
pub mod port;
mod quoting;
mod requests;
mod shortcuts;
mod snapshot;
mod state;
mod status;
mod stream;
pub(crate) mod survival;
mod textbook;
mod tour;

mod web_storage_view;
pub mod wire;

pub use crate::{
    browser::{MOST_LINE_BYTES, MOST_LINES, is_lab_name},
    sessions::{
        ClearValues, DeleteValue, DeleteValues, Expected, Observation, Observe, PutValue, SESSION_COOKIE,
        SESSION_LIMIT_BYTES, SESSION_NAME_LIMIT_BYTES, SessionValue, SessionView, clear_values, delete_value,
        delete_values, observe, put_value,
    },
    wire::ReceivedCookie,
};
pub(crate) use deposit::Typed;
pub(crate) use dock::DockPage;
pub(crate) use page::BenchPage;
pub use survival::{
    Arrival, Browser, BrowserName, Cell, Column, EndTrial, Event, Laid, LoadTrial, Marker, Pending, Run, SaveTrial,
    Seen, Sight, TRIAL_LIMIT_BYTES, Travelled, Trial, end_trial, load_trial, save_trial,
};
