//! The server functions by which the page learns what the server is made of.

#![expect(
    missing_docs,
    reason = "the fields of the structs that `#[server]` makes are the documented functions' arguments"
)]

use super::source::Listing;
#[cfg(feature = "ssr")]
use super::source::{Source, listings};
use crate::AppError;
use leptos::prelude::*;

/// The code that runs in each step of the log-in flow, step by step.
#[server(prefix = "/api", endpoint = "login-flow/listings")]
pub async fn login_flow_listings() -> Result<Vec<Vec<Listing>>, AppError> {
    use_context().and_then(|Source(files)| listings(files)).ok_or(AppError::Internal)
}

/// A file of the server's source, of those that the log-in flow shows; `None` for any other.
#[server(prefix = "/api", endpoint = "login-flow/source")]
pub async fn source_text(path: String) -> Result<Option<String>, AppError> {
    let Source(files) = use_context().ok_or(AppError::Internal)?;
    Ok(files.iter().find(|file| file.path == path).map(|file| file.text.to_owned()))
}
