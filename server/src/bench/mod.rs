//! The values of a server session and the trials of the survival matrix, behind the ports that `app` declares.

mod allowance;
mod trials;

use crate::{
    push::{Change, Hub},
    sessions::Sessions,
    store::Store,
};
use app::{
    AppError,
    bench::{Expected, SESSION_LIMIT_BYTES, SESSION_NAME_LIMIT_BYTES, SessionValue, port::SessionValues},
    request::Visitor,
    sessions::IssuedSession,
    sessions::SessionId,
};
use async_trait::async_trait;

pub use allowance::Allowance;
pub use trials::TrialService;
pub(crate) use trials::sweep;

/// The rules of session values.
pub struct ValueService {
    store: Store,
    sessions: Sessions,
    allowance: Allowance,
    hub: Hub,
}

impl ValueService {
    /// Puts the parts together.
    pub fn new(store: Store, sessions: Sessions, allowance: Allowance, hub: Hub) -> Self {
        Self { store, sessions, allowance, hub }
    }
}

#[async_trait]
impl SessionValues for ValueService {
    async fn list(&self, session: SessionId) -> Result<Vec<SessionValue>, AppError> {
        Ok(self.store.list_values(session).await?)
    }

    async fn put(
        &self,
        visitor: &Visitor,
        value: SessionValue,
        expected: Option<Expected>,
    ) -> Result<Option<IssuedSession>, AppError> {
        check(&value)?;
        possible(expected.as_ref())?;
        self.allowance.take(&visitor.caller, value.name.len() + value.value.len()).await?;
        if let Some(session) = &visitor.session {
            self.store.put_value(session.id, &value, expected.as_ref(), SESSION_LIMIT_BYTES).await?;
            self.hub.tell(Change::Values(session.id));
            return Ok(None);
        }
        if matches!(expected, Some(Expected::Value(_))) {
            return Err(AppError::Changed);
        }
        let session = self.sessions.start_anonymous(&visitor.caller).await?;
        self.store.put_value(session.id, &value, None, SESSION_LIMIT_BYTES).await?;
        Ok(Some(session))
    }

    async fn delete(&self, session: SessionId, name: &str, expected: Option<Expected>) -> Result<(), AppError> {
        // No database holds such a name, and PostgreSQL refuses to look for it.
        if name.contains('\0') {
            return Ok(());
        }
        possible(expected.as_ref())?;
        self.store.delete_value(session, name, expected.as_ref()).await?;
        self.hub.tell(Change::Values(session));
        Ok(())
    }

    async fn delete_several(&self, session: SessionId, mut names: Vec<String>) -> Result<(), AppError> {
        names.retain(|name| !name.contains('\0'));
        self.store.delete_values(session, &names).await?;
        self.hub.tell(Change::Values(session));
        Ok(())
    }

    async fn clear(&self, session: SessionId) -> Result<(), AppError> {
        self.store.clear_values(session).await?;
        self.hub.tell(Change::Values(session));
        Ok(())
    }
}

/// Refuses to expect a value with NUL, which is never stored.
fn possible(expected: Option<&Expected>) -> Result<(), AppError> {
    match expected {
        Some(Expected::Value(value)) if value.contains('\0') => Err(AppError::Changed),
        _ => Ok(()),
    }
}

/// Checks a value before it is stored. PostgreSQL keeps no NUL in text, so neither database is given one.
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
