//! Requests of this page to its server: one HTTP client, and the server functions that the first chunk calls by it.

mod call;
pub(crate) mod http;

#[cfg(test)]
pub(crate) use call::tests;
pub use call::{Arguments, Direct, FormField};
