//! What the accounts' server functions need from the server.

use super::{Export, Profile, Strength, Username};
use crate::{AppError, request::Visitor, sessions::IssuedSession};
use async_trait::async_trait;
use secrecy::SecretString;

/// Accounts and who is logged in to them.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes an account; the password is hashed before anything is stored.
    ///
    /// # Errors
    /// The password rules' errors, [`AppError::UsernameTaken`], [`AppError::TooManyAttempts`], [`AppError::Busy`],
    /// [`AppError::Unavailable`].
    async fn sign_up(&self, visitor: &Visitor, username: Username, password: SecretString) -> Result<(), AppError>;

    /// Rates a password that is being chosen, as signing up with this username would judge it; the name may still be no
    /// username.
    ///
    /// # Errors
    /// [`AppError::Busy`].
    async fn rate_password(&self, username: &str, password: SecretString) -> Result<Strength, AppError>;

    /// Checks a password and starts a session under a new token, keeping the values of the visitor's anonymous
    /// session.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`], [`AppError::TooManyAttempts`], [`AppError::Busy`], [`AppError::Unavailable`].
    async fn log_in(
        &self,
        visitor: &Visitor,
        username: &str,
        password: SecretString,
        keep: bool,
    ) -> Result<IssuedSession, AppError>;

    /// Ends the visitor's session in the database.
    ///
    /// # Errors
    /// [`AppError::Unavailable`]: the session may still live.
    async fn log_out(&self, visitor: &Visitor) -> Result<(), AppError>;

    /// What the account's owner may see.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`], [`AppError::Unavailable`].
    async fn profile(&self, visitor: &Visitor) -> Result<Profile, AppError>;

    /// Checks the password once more (re-authentication): the session goes on under a new token, and may for a while do
    /// what needs confirmation.
    ///
    /// # Errors
    /// [`AppError::WrongPassword`], and as [`Accounts::log_in`].
    async fn confirm(&self, visitor: &Visitor, password: SecretString) -> Result<IssuedSession, AppError>;

    /// Ends one session of the visitor's own account; one that is gone already is ended.
    ///
    /// # Errors
    /// [`AppError::ConfirmFirst`], [`AppError::NotLoggedIn`], [`AppError::Unavailable`].
    async fn end_session(&self, visitor: &Visitor, id: &str) -> Result<(), AppError>;

    /// Ends every session of the visitor's account but the one that asks.
    ///
    /// # Errors
    /// As [`Accounts::end_session`].
    async fn end_other_sessions(&self, visitor: &Visitor) -> Result<(), AppError>;

    /// Sets a new password; this session goes on under a new token, the others end if asked.
    ///
    /// # Errors
    /// [`AppError::WrongPassword`], the password rules' errors, and as [`Accounts::log_in`].
    async fn change_password(
        &self,
        visitor: &Visitor,
        current: SecretString,
        new: SecretString,
        end_others: bool,
    ) -> Result<IssuedSession, AppError>;

    /// Sets a new password by the code of a one-time link from the operator; every session of the account ends. Returns
    /// whose it was.
    ///
    /// # Errors
    /// [`AppError::WrongCode`] for one that is unknown, used or out of date, the password rules' errors,
    /// [`AppError::TooManyAttempts`], [`AppError::Busy`], [`AppError::Unavailable`].
    async fn reset_password(
        &self,
        visitor: &Visitor,
        code: SecretString,
        new: SecretString,
    ) -> Result<Username, AppError>;

    /// Deletes the account, its sessions and all that is kept of it.
    ///
    /// # Errors
    /// [`AppError::WrongPassword`], and as [`Accounts::log_in`].
    async fn delete(&self, visitor: &Visitor, password: SecretString) -> Result<(), AppError>;

    /// All that is kept of the visitor's account.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`], [`AppError::Unavailable`].
    async fn export(&self, visitor: &Visitor) -> Result<Export, AppError>;
}
