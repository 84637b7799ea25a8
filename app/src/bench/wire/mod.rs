//! The wire: the requests of an open page and their answers, as the server received and sent them.
//!
//! The server gives each document an id, its scripts send it along, and under it the server keeps a record
//! (`server/src/http/wire.rs`).

mod cost;
mod exchange;
mod kept;
mod panel;
mod set_cookie;
mod time;

pub use crate::wire::{Exchange, HeaderField, PAGE_HEADER, Received, received_cookies, sent_cookies};
pub(super) use panel::panel;
