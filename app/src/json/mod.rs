//! JSON, read in two ways: lazy chunks decode it with serde, the first chunk by hand over the browser's own parser, since
//! serde would be the larger part of it.

mod block;
mod codec;
mod read;

#[cfg(feature = "ssr")]
pub(crate) use block::data_block;
#[cfg(not(feature = "ssr"))]
pub(crate) use block::take;
pub(crate) use block::{DOCKED_IN, LOGGED_IN, OBSERVATION};
pub(crate) use codec::{Json, read, told};
pub(crate) use read::parse;
#[cfg(test)]
pub(crate) use read::tests;
pub use read::{FromJson, Value};
