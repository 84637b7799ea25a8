//! What the accounts' server functions need from the server.

use super::Username;
use crate::{AppError, services::Visitor};
use async_trait::async_trait;
use http::HeaderValue;
use secrecy::SecretString;

/// Accounts and who is logged in to them.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes an account; the password is hashed before anything is stored.
    ///
    /// # Errors
    /// The password rules' errors, [`AppError::UsernameTaken`], [`AppError::Busy`], [`AppError::Unavailable`].
    async fn sign_up(&self, username: Username, password: SecretString) -> Result<(), AppError>;

    /// Checks a password and starts a session under a new token, keeping the values of the visitor's anonymous
    /// session. Returns the `Set-Cookie` line that carries the token.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], [`AppError::Busy`], [`AppError::Unavailable`].
    async fn log_in(
        &self,
        visitor: &Visitor,
        username: &str,
        password: SecretString,
        keep: bool,
    ) -> Result<HeaderValue, AppError>;

    /// Ends the visitor's session in the database. Returns the `Set-Cookie` line that removes the cookie.
    ///
    /// # Errors
    /// [`AppError::Unavailable`]: the session may still live.
    async fn log_out(&self, visitor: &Visitor) -> Result<HeaderValue, AppError>;
}
