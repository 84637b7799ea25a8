//! Joins the progress in this browser with what the account of a user who is logged in has.

use super::{
    api::{load_progress, save_progress},
    progress::{self, Progress},
};
use crate::AppError;

/// What is run in this browser, together with what the user has run in others. The server learns of what it does not know
/// yet.
pub(super) async fn everywhere() -> Result<Progress, AppError> {
    match progress::load() {
        nothing if nothing.is_empty() => load_progress().await,
        here => save_progress(here).await,
    }
}
