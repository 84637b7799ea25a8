//! What the server functions of sessions need from the server.

use crate::{
    AppError,
    request::Visitor,
    sessions::{Expected, IssuedSession, SessionId, SessionValue},
};
use async_trait::async_trait;

/// The named values that the server keeps for a visitor.
#[async_trait]
pub trait SessionValues: Send + Sync {
    /// All values of a session, by name.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    async fn list(&self, session: SessionId) -> Result<Vec<SessionValue>, AppError>;

    /// Keeps a value, replacing one of the same name. For a visitor without a session an anonymous one is issued, and
    /// returned.
    ///
    /// # Errors
    /// [`AppError::InvalidName`], [`AppError::SessionFull`], [`AppError::Changed`] when something else than what was
    /// expected is there, [`AppError::Unavailable`].
    async fn put(
        &self,
        visitor: &Visitor,
        value: SessionValue,
        expected: Option<Expected>,
    ) -> Result<Option<IssuedSession>, AppError>;

    /// Forgets a value; one that is not there is forgotten already, whatever was expected.
    ///
    /// # Errors
    /// [`AppError::Changed`] when another value than the expected one is there, [`AppError::Unavailable`].
    async fn delete(&self, session: SessionId, name: &str, expected: Option<Expected>) -> Result<(), AppError>;

    /// Forgets the values of these names, all or none.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    async fn delete_several(&self, session: SessionId, names: Vec<String>) -> Result<(), AppError>;

    /// Forgets all values of a session.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    async fn clear(&self, session: SessionId) -> Result<(), AppError>;
}
