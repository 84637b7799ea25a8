//! Accounts: the six steps from sign-up to the guarded page, behind the port that `app` declares.

mod common;
mod cookie;
mod password;
mod pattern;
mod sessions;
mod token;

use crate::{clock::Clock, store::Store};
use app::{
    AppError,
    accounts::{Username, port::Accounts},
    services::Visitor,
};
use async_trait::async_trait;
use axum::http::HeaderValue;
use secrecy::SecretString;
use std::sync::Arc;

pub use cookie::token_from;
pub use password::{HashCost, Hasher, HasherError};
pub use sessions::{Lifetime, Policy, Sessions};
pub use token::Token;

/// The rules of sign-up, log-in and log-out.
pub struct AccountService {
    store: Store,
    clock: Arc<dyn Clock>,
    sessions: Sessions,
    hasher: Hasher,
}

impl AccountService {
    /// Puts the parts together.
    pub fn new(store: Store, clock: Arc<dyn Clock>, sessions: Sessions, hasher: Hasher) -> Self {
        Self { store, clock, sessions, hasher }
    }
}

#[async_trait]
impl Accounts for AccountService {
    async fn sign_up(&self, username: Username, password: SecretString) -> Result<(), AppError> {
        let password = password::check(password, &username)?;
        let hash = self.hasher.hash(password).await?;
        self.store.add_user(&username, &hash, self.clock.now()).await?;
        tracing::info!(event = "signed_up", username = username.as_str());
        Ok(())
    }

    async fn log_in(
        &self,
        visitor: &Visitor,
        username: &str,
        password: SecretString,
        keep: bool,
    ) -> Result<HeaderValue, AppError> {
        let user = match Username::parse(username) {
            Ok(name) => self.store.find_user(&name).await?,
            Err(_) => None,
        };
        let (user_id, hash) = user.map_or((None, None), |user| (Some(user.id), Some(user.password_hash)));
        let checked = self.hasher.verify(password::normalised(&password), hash).await?;
        let Some(user_id) = user_id.filter(|_| checked.is_right) else {
            tracing::info!(event = "log_in_failed");
            return Err(AppError::WrongCredentials);
        };
        if let Some(fresh) = checked.rehashed {
            self.store.set_password_hash(user_id, &fresh).await?;
        }
        let cookie = self.sessions.start(user_id, visitor.session.as_ref(), keep).await?;
        tracing::info!(event = "logged_in", user_id);
        Ok(cookie)
    }

    async fn log_out(&self, visitor: &Visitor) -> Result<HeaderValue, AppError> {
        if let Some(session) = &visitor.session {
            self.sessions.end(session).await?;
            tracing::info!(event = "logged_out", user_id = session.user.as_ref().map(|user| user.id));
        }
        Ok(cookie::removal())
    }
}
