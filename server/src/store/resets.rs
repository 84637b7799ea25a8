//! The table `resets`: one-time links by which owners set new passwords. Each writer locks the user's row first, so that two
//! writers at once come one after the other. An operator adds a link ([`Store::add_reset`], beside the other operations).

use super::{AttemptReset, Store, StoreError, StoredEvent, attempts::reset_attempts, events::insert_event};
use sqlx::{AnyConnection, Row};

impl Store {
    /// The name of the account that a code opens, unless the code is out of date or the account is disabled. Where it opens
    /// one, what was counted as a wrong code is taken back, whatever becomes of the password.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_reset(
        &self,
        code_hash: [u8; 32],
        now: i64,
        attempt_reset: &AttemptReset,
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
        self.take_back(attempt_reset.take_back.clone()).await?;
        Ok(Some(row.try_get("username")?))
    }

    /// Uses a code up: sets the new password, ends every session of the account, resets its counted failures and writes the
    /// event. Returns the account's key.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when the code was used or replaced meanwhile, is out of date, or the account is disabled or gone.
    pub async fn use_reset(
        &self,
        code_hash: [u8; 32],
        password_hash: &str,
        attempt_reset: &AttemptReset,
        event: &StoredEvent,
    ) -> Result<i64, StoreError> {
        let input = (code_hash, password_hash.to_owned(), attempt_reset.clone(), event.clone());
        self.write(input, |work, (code_hash, password_hash, attempt_reset, event)| {
            Box::pin(use_reset(work, *code_hash, password_hash, attempt_reset, event))
        })
        .await
    }
}

async fn use_reset(
    work: &mut AnyConnection,
    code_hash: [u8; 32],
    password_hash: &str,
    attempt_reset: &AttemptReset,
    event: &StoredEvent,
) -> Result<i64, StoreError> {
    reset_attempts(work, attempt_reset).await?;
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
