//! Requests and answers as the server received and sent them, and the page's id under which it keeps their record.

mod client;
mod record;

pub(crate) use client::learn_page_id;
pub use client::{WireClient, page_id};
pub use record::{Exchange, HeaderField, PAGE_HEADER, Received, ReceivedCookie, received_cookies, sent_cookies};
