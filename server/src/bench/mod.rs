//! The values of a server session, behind the port that `app` declares.

use crate::{accounts::Sessions, store::Store};
use app::{
    AppError,
    bench::{SESSION_LIMIT_BYTES, SESSION_NAME_LIMIT_BYTES, SessionValue, port::SessionValues},
    services::{SessionId, Visitor},
};
use async_trait::async_trait;
use axum::http::HeaderValue;

/// The rules of session values.
pub struct ValueService {
    store: Store,
    sessions: Sessions,
}

impl ValueService {
    /// Puts the parts together.
    pub fn new(store: Store, sessions: Sessions) -> Self {
        Self { store, sessions }
    }
}

#[async_trait]
impl SessionValues for ValueService {
    async fn list(&self, session: SessionId) -> Result<Vec<SessionValue>, AppError> {
        Ok(self.store.list_values(session).await?)
    }

    async fn put(&self, visitor: &Visitor, value: SessionValue) -> Result<Option<HeaderValue>, AppError> {
        check(&value)?;
        if let Some(session) = &visitor.session {
            self.store.put_value(session.id, &value, SESSION_LIMIT_BYTES).await?;
            return Ok(None);
        }
        let (session, cookie) = self.sessions.start_anonymous(&visitor.caller).await?;
        self.store.put_value(session, &value, SESSION_LIMIT_BYTES).await?;
        Ok(Some(cookie))
    }

    async fn delete(&self, session: SessionId, name: &str) -> Result<(), AppError> {
        // Neither database could hold such a name, and PostgreSQL refuses to look for it.
        if name.contains('\0') {
            return Ok(());
        }
        Ok(self.store.delete_value(session, name).await?)
    }

    async fn clear(&self, session: SessionId) -> Result<(), AppError> {
        Ok(self.store.clear_values(session).await?)
    }
}

/// PostgreSQL keeps no NUL in text, so neither database is given one.
fn check(value: &SessionValue) -> Result<(), AppError> {
    let SessionValue { name, value } = value;
    if name.is_empty() || name.len() > SESSION_NAME_LIMIT_BYTES || name.chars().any(char::is_control) {
        Err(AppError::InvalidName)
    } else if value.contains('\0') {
        Err(AppError::BadRequest)
    } else if name.len() + value.len() > SESSION_LIMIT_BYTES as usize {
        Err(AppError::SessionFull)
    } else {
        Ok(())
    }
}
