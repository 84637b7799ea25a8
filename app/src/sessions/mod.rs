//! Server sessions: the cookie that opens one, the values that the server keeps for it, and what the server saw of a
//! request. Accounts and the bench both stand on it.

mod api;
#[cfg(feature = "ssr")]
pub(crate) mod issued;
pub(crate) mod model;
#[cfg(feature = "ssr")]
mod observation;
#[cfg(feature = "ssr")]
pub mod port;

pub use api::{
    ClearValues, DeleteValue, DeleteValues, Observe, PutValue, clear_values, delete_value, delete_values, observe,
    put_value,
};
#[cfg(feature = "ssr")]
pub use issued::{IssuedSession, SessionId, removal_line, removal_line_of_partitioned};
pub use model::{
    Expected, Observation, SESSION_COOKIE, SESSION_LIMIT_BYTES, SESSION_NAME_LIMIT_BYTES, SessionValue, SessionView,
};
#[cfg(feature = "ssr")]
pub(crate) use observation::first_observation;
#[cfg(feature = "ssr")]
pub use observation::{FirstObservation, observation};
