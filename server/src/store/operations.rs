//! The table `operations`: what operators did by the command line. Each row is written in the transaction that does it, and
//! stays when the account that it was done to goes.

use super::{Store, StoreError, StoredEvent, events::insert_event, resets::delete_reset};
use sqlx::{AnyConnection, Row};
use std::collections::BTreeSet;

/// What an operator did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// UTC seconds.
    pub at: i64,
    /// The name of the system's user who did it.
    pub operator: String,
    /// The command: `users disable`.
    pub command: &'static str,
    /// To what: an account's name, for one. Empty where the command needs nothing.
    pub subject: String,
}

/// An operation as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOperation {
    /// Grows with each operation.
    pub id: i64,
    /// UTC seconds.
    pub at: i64,
    /// The name of the system's user who did it.
    pub operator: String,
    /// The command.
    pub command: String,
    /// To what.
    pub subject: String,
}

impl Store {
    /// At most `most` operations after the one with the id `after`, the earliest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_operations(&self, after: i64, most: i64) -> Result<Vec<StoredOperation>, StoreError> {
        let rows =
            sqlx::query("SELECT id, at, operator, command, subject FROM operations WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(most)
                .fetch_all(&self.readers)
                .await?;
        let operation = |row: &sqlx::any::AnyRow| {
            Ok(StoredOperation {
                id: row.try_get("id")?,
                at: row.try_get("at")?,
                operator: row.try_get("operator")?,
                command: row.try_get("command")?,
                subject: row.try_get("subject")?,
            })
        };
        Ok(rows.iter().map(operation).collect::<Result<_, sqlx::Error>>()?)
    }

    /// Keeps the hash of a code for an account's owner, in place of an earlier one. What is out of date goes on this
    /// occasion.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_reset(
        &self,
        user_id: i64,
        code_hash: [u8; 32],
        expires_at: i64,
        event: &StoredEvent,
        operation: &Operation,
    ) -> Result<(), StoreError> {
        let input = (user_id, code_hash, expires_at, event.clone(), operation.clone());
        self.write(input, |work, (user_id, code_hash, expires_at, event, operation)| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO resets (user_id, code_hash, expires_at) VALUES ($1, $2, $3) \
                     ON CONFLICT (user_id) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at",
                )
                .bind(user_id)
                .bind(code_hash.to_vec())
                .bind(expires_at)
                .execute(&mut *work)
                .await?;
                sqlx::query("DELETE FROM resets WHERE expires_at <= $1").bind(event.at).execute(&mut *work).await?;
                insert_event(work, *user_id, event).await?;
                insert_operation(work, operation).await
            })
        })
        .await
    }

    /// Closes an account for log-ins and ends its sessions, or opens it again. A link for a new password is void either way.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_disabled(
        &self,
        user_id: i64,
        disabled: bool,
        event: &StoredEvent,
        operation: &Operation,
    ) -> Result<(), StoreError> {
        let input = (user_id, disabled, event.clone(), operation.clone());
        self.write(input, |work, (user_id, disabled, event, operation)| {
            Box::pin(async move {
                sqlx::query("UPDATE users SET disabled_at = $2 WHERE id = $1")
                    .bind(user_id)
                    .bind(disabled.then_some(event.at))
                    .execute(&mut *work)
                    .await?;
                delete_reset(work, *user_id).await?;
                if *disabled {
                    sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user_id).execute(&mut *work).await?;
                }
                insert_event(work, *user_id, event).await?;
                insert_operation(work, operation).await
            })
        })
        .await
    }

    /// Deletes an account with sessions, events and all, whatever its password.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when it is not there any more.
    pub async fn remove_user(&self, user_id: i64, operation: &Operation) -> Result<(), StoreError> {
        self.write((user_id, operation.clone()), |work, (user_id, operation)| {
            Box::pin(async move {
                let delete = sqlx::query("DELETE FROM users WHERE id = $1").bind(user_id);
                if delete.execute(&mut *work).await?.rows_affected() == 0 {
                    return Err(StoreError::Gone);
                }
                insert_operation(work, operation).await
            })
        })
        .await
    }

    /// Ends every session of an account, or with `None` of everybody, the anonymous ones too; returns how many lived. The event
    /// is told to each account that lost one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revoke_sessions(
        &self,
        user_id: Option<i64>,
        event: &StoredEvent,
        operation: &Operation,
    ) -> Result<u64, StoreError> {
        self.write((user_id, event.clone(), operation.clone()), |work, (user_id, event, operation)| {
            Box::pin(revoke_sessions(work, *user_id, event, operation))
        })
        .await
    }
}

async fn revoke_sessions(
    work: &mut AnyConnection,
    user_id: Option<i64>,
    event: &StoredEvent,
    operation: &Operation,
) -> Result<u64, StoreError> {
    let deleted = sqlx::query(
        "DELETE FROM sessions WHERE user_id = $1 OR ($1 IS NULL AND user_id IS NOT NULL) RETURNING user_id, expires_at",
    )
    .bind(user_id)
    .fetch_all(&mut *work)
    .await?;
    let mut lived = 0;
    let mut losers = BTreeSet::new();
    for row in deleted {
        // Others have ended already and are not swept away yet.
        if row.try_get::<i64, _>("expires_at")? > event.at {
            lived += 1;
            losers.insert(row.try_get::<i64, _>("user_id")?);
        }
    }
    for loser in losers {
        insert_event(work, loser, event).await?;
    }
    if user_id.is_none() {
        // Nobody is told of these, and there may be a million: they are counted where they are.
        let anonymous = sqlx::query("DELETE FROM sessions WHERE user_id IS NULL AND expires_at > $1")
            .bind(event.at)
            .execute(&mut *work)
            .await?;
        lived += anonymous.rows_affected();
        sqlx::query("DELETE FROM sessions WHERE user_id IS NULL").execute(&mut *work).await?;
    }
    insert_operation(work, operation).await?;
    Ok(lived)
}

/// Within the transaction of what is done.
pub(super) async fn insert_operation(work: &mut AnyConnection, operation: &Operation) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO operations (at, operator, command, subject) VALUES ($1, $2, $3, $4)")
        .bind(operation.at)
        .bind(operation.operator.as_str())
        .bind(operation.command)
        .bind(operation.subject.as_str())
        .execute(work)
        .await?;
    Ok(())
}
