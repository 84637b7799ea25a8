//! The server functions that keep a user's progress. Each takes the user from the session alone.

#![expect(
    missing_docs,
    reason = "the fields of the structs that `#[server]` makes are the documented functions' arguments"
)]

use super::progress::Progress;
use crate::AppError;
use leptos::{prelude::*, server_fn::codec::Json};
#[cfg(feature = "ssr")]
use {
    super::port::ProgressBook,
    crate::request::{Request, port},
};

/// What the visitor has done, wherever they did it.
#[server(prefix = "/api", endpoint = "progress/load")]
pub async fn load_progress() -> Result<Progress, AppError> {
    let Request { visitor, .. } = Request::current()?;
    let book = port::<dyn ProgressBook>()?;
    book.load(&visitor).await
}

/// Adds what was done in this browser to what the server has; of the same experiment the latest counts. Returns all of it.
#[server(prefix = "/api", endpoint = "progress/save", input = Json)]
pub async fn save_progress(progress: Progress) -> Result<Progress, AppError> {
    let Request { visitor, .. } = Request::current()?;
    let book = port::<dyn ProgressBook>()?;
    book.save(&visitor, progress).await
}

/// Forgets it all, also what another browser did until now and has not saved yet.
#[server(prefix = "/api", endpoint = "progress/forget")]
pub async fn forget_progress() -> Result<(), AppError> {
    let Request { visitor, .. } = Request::current()?;
    let book = port::<dyn ProgressBook>()?;
    book.forget(&visitor).await
}
