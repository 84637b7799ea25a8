//! Storage Lab on the server, as a library so that tests can build its router.
//!
//! `http` takes requests, `accounts` and `bench` hold the rules behind the ports that `app` declares, `store` is the
//! only place that knows SQL.

pub mod accounts;
pub mod bench;
pub mod cli;
pub mod clock;
pub mod http;
pub mod serve;
pub mod store;
