//! What the trials' server functions need from the server.

use super::Trial;
use crate::{AppError, request::Visitor};
use async_trait::async_trait;

/// The trials that the server keeps. An id that is none of the server's own is answered like that of a trial which has
/// ended.
#[async_trait]
pub trait Trials: Send + Sync {
    /// Keeps a new trial and returns its id.
    ///
    /// # Errors
    /// [`AppError::TooLarge`], [`AppError::TooManyAttempts`], [`AppError::Unavailable`].
    async fn begin(&self, visitor: &Visitor, trial: &Trial) -> Result<String, AppError>;

    /// Keeps a trial in the place of what it was.
    ///
    /// # Errors
    /// [`AppError::NoSuchTrial`], [`AppError::TooLarge`], [`AppError::Unavailable`].
    async fn save(&self, visitor: &Visitor, id: &str, trial: &Trial) -> Result<(), AppError>;

    /// The trial.
    ///
    /// # Errors
    /// [`AppError::NoSuchTrial`], [`AppError::Unavailable`].
    async fn load(&self, id: &str) -> Result<Trial, AppError>;

    /// Forgets it.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    async fn end(&self, id: &str) -> Result<(), AppError>;
}
