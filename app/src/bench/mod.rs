//! The bench: the four stores side by side, each entry with what scripts see and what the server saw.

mod api;
mod deposit;
mod model;
mod page;
#[cfg(feature = "ssr")]
pub mod port;
mod region;
mod state;
mod stores;
pub mod wire;

pub use api::{
    ClearValues, DeleteValue, DeleteValues, Observe, PutValue, clear_values, delete_value, delete_values, observe,
    put_value,
};
pub(crate) use deposit::Typed;
pub use model::{
    Expected, Observation, ReceivedCookie, SESSION_COOKIE, SESSION_LIMIT_BYTES, SESSION_NAME_LIMIT_BYTES, SessionValue,
    SessionView, is_lab_name,
};
pub(crate) use page::BenchPage;
