//! The wire: the requests of an open page and their answers, as the server received and sent them.
//!
//! The server gives each document an id, its scripts send it along, and under it the server keeps a record
//! (`server/src/http/wire.rs`).

mod ask;
mod client;
mod cost;
mod exchange;
mod kept;
mod model;
mod panel;
mod set_cookie;

pub(super) use ask::echo;
pub(crate) use ask::exchanges;
pub(crate) use client::learn_page_id;
pub use client::{WireClient, page_id};
pub use model::{Exchange, HeaderField, PAGE_HEADER, Received, received_cookies, sent_cookies};
pub(super) use panel::panel;
