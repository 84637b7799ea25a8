//! What the bench's server functions need from the server.

pub use super::survival::port::Trials;
pub use crate::sessions::port::SessionValues;
