//! The table `subjects`: the throw-away accounts of the experiments.

use super::{Store, StoreError, StoredUser};
use app::services::User;
use sqlx::Row;

impl Store {
    /// Notes that an account is a subject, known by this id until `ends_at`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_subject(&self, id: [u8; 16], user_id: i64, ends_at: i64) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO subjects (id, user_id, ends_at) VALUES ($1, $2, $3)")
            .bind(id.to_vec())
            .bind(user_id)
            .bind(ends_at)
            .execute(&self.writers)
            .await?;
        Ok(())
    }

    /// The account of a subject that has not ended, with its hash.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_subject(&self, id: [u8; 16], now: i64) -> Result<Option<(User, StoredUser)>, StoreError> {
        let row = sqlx::query(
            "SELECT u.id, u.username, u.password_hash, u.created_at, u.disabled_at \
             FROM subjects s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND s.ends_at > $2",
        )
        .bind(id.to_vec())
        .bind(now)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id = row.try_get("id")?;
        let user = User { id, username: row.try_get("username")?, created_at: row.try_get("created_at")? };
        let disabled = row.try_get::<Option<i64>, _>("disabled_at")?.is_some();
        Ok(Some((user, StoredUser { id, password_hash: row.try_get("password_hash")?, disabled })))
    }

    /// Forgets that an account is a subject: it stays.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keep_subject(&self, user_id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM subjects WHERE user_id = $1").bind(user_id).execute(&self.writers).await?;
        Ok(())
    }

    /// Deletes at most `most` accounts of subjects that have ended; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_ended_subjects(&self, now: i64, most: i64) -> Result<u64, StoreError> {
        let deleted = sqlx::query(
            "DELETE FROM users WHERE id IN \
             (SELECT user_id FROM subjects WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)",
        )
        .bind(now)
        .bind(most)
        .execute(&self.writers)
        .await?;
        Ok(deleted.rows_affected())
    }
}
