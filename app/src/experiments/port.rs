//! What the experiments' server functions need from the server.

use super::progress::Progress;
use crate::{AppError, request::Visitor};
use async_trait::async_trait;

/// Which experiments the users have done.
#[async_trait]
pub trait ProgressBook: Send + Sync {
    /// What the visitor has done, wherever they did it.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`], [`AppError::Unavailable`].
    async fn load(&self, visitor: &Visitor) -> Result<Progress, AppError>;

    /// Adds what the visitor has done here; of the same experiment the latest counts. Returns all of it.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`], [`AppError::Unavailable`].
    async fn save(&self, visitor: &Visitor, progress: Progress) -> Result<Progress, AppError>;

    /// Forgets it all, also what is saved later and was done before.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`], [`AppError::Unavailable`].
    async fn forget(&self, visitor: &Visitor) -> Result<(), AppError>;
}
