//! The table `resets`: one-time links by which owners set new passwords. Whoever writes here locks the user first, so that
//! two who do it at once come one after the other.

use super::{
    Forgiveness, Operation, Store, StoreError, StoredEvent, attempts::forgive, events::insert_event,
    operations::insert_operation,
};
use sqlx::{AnyConnection, Row};

impl Store {
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

    /// The name of the account that a code opens: it is not out of date, and the account is not disabled. Then what was
    /// counted as a wrong code is forgiven, whatever becomes of the password.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_reset(
        &self,
        code_hash: [u8; 32],
        now: i64,
        forgiveness: &Forgiveness,
    ) -> Result<Option<String>, StoreError> {
        let row = sqlx::query(
            "SELECT u.username FROM resets r JOIN users u ON u.id = r.user_id \
             WHERE r.code_hash = $1 AND r.expires_at > $2 AND u.disabled_at IS NULL",
        )
        .bind(code_hash.to_vec())
        .bind(now)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        self.write(forgiveness.clone(), |work, forgiveness| Box::pin(forgive(work, forgiveness))).await?;
        Ok(Some(row.try_get("username")?))
    }

    /// Uses a code up: sets the new password, ends every session of the account, forgives, and tells it. Returns whose it was.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when the code was used or replaced meanwhile, is out of date, or the account is disabled or gone.
    pub async fn use_reset(
        &self,
        code_hash: [u8; 32],
        password_hash: &str,
        forgiveness: &Forgiveness,
        event: &StoredEvent,
    ) -> Result<i64, StoreError> {
        let input = (code_hash, password_hash.to_owned(), forgiveness.clone(), event.clone());
        self.write(input, |work, (code_hash, password_hash, forgiveness, event)| {
            Box::pin(use_reset(work, *code_hash, password_hash, forgiveness, event))
        })
        .await
    }
}

async fn use_reset(
    work: &mut AnyConnection,
    code_hash: [u8; 32],
    password_hash: &str,
    forgiveness: &Forgiveness,
    event: &StoredEvent,
) -> Result<i64, StoreError> {
    forgive(work, forgiveness).await?;
    // Locks the user: a second request with the same code waits here, and then finds no code.
    let row = sqlx::query(
        "UPDATE users SET password_hash = $2 WHERE disabled_at IS NULL \
             AND id = (SELECT user_id FROM resets WHERE code_hash = $1) RETURNING id",
    )
    .bind(code_hash.to_vec())
    .bind(password_hash)
    .fetch_optional(&mut *work)
    .await?;
    let user_id: i64 = row.ok_or(StoreError::Gone)?.try_get("id")?;
    let used = sqlx::query("DELETE FROM resets WHERE code_hash = $1 AND expires_at > $2")
        .bind(code_hash.to_vec())
        .bind(event.at)
        .execute(&mut *work)
        .await?;
    if used.rows_affected() == 0 {
        return Err(StoreError::Gone);
    }
    sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user_id).execute(&mut *work).await?;
    insert_event(work, user_id, event).await?;
    Ok(user_id)
}

/// Within the transaction of what makes a new link needless or void.
pub(super) async fn delete_reset(work: &mut AnyConnection, user_id: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM resets WHERE user_id = $1").bind(user_id).execute(work).await?;
    Ok(())
}
