//! Storage Lab on the server, as a library so that tests can build its router.
//!
//! `http` takes requests, `accounts`, `atlas`, `bench` and `experiments` hold the rules behind the ports that `app` declares,
//! `store` is the only place that knows SQL. `serve` puts them together, `listen` and `tls` take the connections, `places` counts
//! what each network may have at once.

pub mod accounts;
pub mod atlas;
pub mod bench;
pub mod cli;
pub mod clock;
mod cookies;
pub mod experiments;
pub mod http;
pub mod listen;
pub mod metrics;
pub mod network;
pub mod operate;
pub mod places;
pub mod serve;
mod source;
pub mod store;
pub mod tls;
pub mod upkeep;
