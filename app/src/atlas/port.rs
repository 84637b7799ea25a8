//! What the atlas needs from the server.

use super::Listed;
use crate::AppError;
use async_trait::async_trait;

/// The columns that come with the lab, and those that an operator has imported.
#[async_trait]
pub trait AtlasBook: Send + Sync {
    /// All of them, in the order in which they are shown.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    async fn columns(&self) -> Result<Vec<Listed>, AppError>;
}
