//! The server from outside: the store on both databases, HTTP through the router, and the process itself.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail at any step")]

mod accounts;
mod atlas;
#[cfg(target_os = "linux")]
mod attack;
mod bench;
mod experiments;
mod fuzz;
mod http;
mod lab;
mod process;
mod session_check;
mod store;
mod support;
