//! The browser's side of everything that is kept and sent: the stores behind one set of verbs, cookie lines and their
//! rules, requests to the lab, locks and windows. Without signals and without a page: the bench and the experiments
//! stand on it side by side.

pub(crate) mod cookies;
mod draft;
mod entry;
pub(crate) mod filled_area;
pub(crate) mod lab;
pub(crate) mod locks;
mod maker;
mod names;
pub(crate) mod optional;
pub(crate) mod page_address;
pub(crate) mod probe;
mod refusal;
mod search;
mod server_session;
mod sizes;
pub(crate) mod source;
mod store;
pub(crate) mod stores;
pub(crate) mod watch;
mod web_storage;
pub(crate) mod windows;
mod yielder;

#[cfg(feature = "ssr")]
pub use cookies::set_cookie;
pub use cookies::{MOST_LINE_BYTES, MOST_LINES};
pub use names::is_lab_name;
pub(crate) use {
    draft::Draft,
    entry::{CookieFlags, Entries, Entry, Expires, SameSite, ScriptCookie},
    maker::Who,
    names::{PROBE, is_probe, is_within_reach, lab_name, may_put},
    refusal::{NO_NAME, Refusal},
    search::Search,
    sizes::{COOKIE_LIMIT_BYTES, WEB_STORAGE_LIMIT_UNITS, bytes, units},
    store::Store,
    web_storage::Area,
    yielder::Yielder,
};
