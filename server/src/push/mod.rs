//! Tells open pages that their session's values changed, or that their session ended.
//!
//! Each process has one [`Hub`]. On PostgreSQL the processes tell each other ([`relay`]). A notice says where to look and
//! never holds a value; whether a session still lives is asked of the database.

mod change;
mod hub;
mod relay;

pub use change::{Change, News};
pub use hub::Hub;
pub use relay::relay;
