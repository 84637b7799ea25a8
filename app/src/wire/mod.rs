//! Requests and answers as the server received and sent them, and the page's id under which it keeps their record.

mod page_id;
mod record;

pub(crate) use page_id::page_id;
#[cfg(feature = "ssr")]
pub use page_id::{PageId, TIMING};
pub use record::{Exchange, HeaderField, PAGE_HEADER, Received, ReceivedCookie, received_cookies, sent_cookies};
