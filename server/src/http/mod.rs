//! HTTP: the layers that each request passes, the pages, the server functions, the files and the lab's endpoints. `router`
//! puts them together.

pub(crate) mod address;
pub(crate) mod api;
pub(crate) mod assets;
mod cookies;
pub(crate) mod health;
pub(crate) mod hosts;
pub(crate) mod identify;
pub(crate) mod lab;
pub(crate) mod limit;
pub(crate) mod message;
mod other_site;
mod page_cache;
pub(crate) mod pages;
pub(crate) mod paths;
mod redaction;
pub(crate) mod refusal;
pub(crate) mod reports;
pub(crate) mod request_id;
pub(crate) mod security_headers;
mod session_cookie;
mod state;
pub(crate) mod text;
pub(crate) mod turns;
pub(crate) mod wire;

pub use address::{Channel, Client, Peers, network};
pub use hosts::{Hosts, host};
pub(crate) use lab::isolation;
pub(crate) use message::HEAD_LIMIT;
pub use other_site::{OtherPort, OtherSites, origin};
pub(crate) use refusal::{is_document, refusal};
pub(crate) use request_id::REQUEST_ID;
pub use session_cookie::tokens_from;
pub use state::{AppState, LabSwitch, LiveReload, Measured};
pub(crate) use text::{FORM, body_is};
pub(crate) use turns::TIME_LIMIT;
pub use wire::Recorder;
