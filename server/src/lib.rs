//! Storage Lab on the server, as a library so that tests can build its router.
//!
//! `serve` starts the server: `listen` and `tls` take the connections, `router` and `http` the requests. `accounts`, `atlas`,
//! `bench` and `experiments` hold the rules behind the ports that `app` declares; they stand on `sessions` and `push`. `store`
//! is the only place that knows SQL. No file of this crate uses another one in a circle.

pub mod accounts;
pub mod app_proxy;
pub mod atlas;
pub mod backup;
pub mod bench;
pub mod check;
pub mod cli;
pub mod clock;
mod counters;
pub mod descriptors;
pub mod experiments;
mod exporter;
pub mod http;
mod ids;
pub mod listen;
pub mod log;
pub mod metrics;
pub mod network;
pub mod operate;
pub mod places;
mod postgres_tools;
pub mod push;
pub mod router;
pub mod serve;
pub mod session_check;
pub mod sessions;
pub mod site;
mod source;
pub mod store;
pub mod tls;
pub mod upkeep;
