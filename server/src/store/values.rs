//! The table `session_values`.

use super::{Store, StoreError};
use app::{bench::SessionValue, services::SessionId};
use sqlx::Row;

impl Store {
    /// All values of a session, by name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_values(&self, session: SessionId) -> Result<Vec<SessionValue>, StoreError> {
        let rows = sqlx::query("SELECT name, value FROM session_values WHERE session_id = $1")
            .bind(session.0.to_vec())
            .fetch_all(&self.readers)
            .await?;
        let value =
            |row: &sqlx::any::AnyRow| Ok(SessionValue { name: row.try_get("name")?, value: row.try_get("value")? });
        let mut values = rows.iter().map(value).collect::<Result<Vec<_>, sqlx::Error>>()?;
        // Sorted here: the databases' own orders of text differ.
        values.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(values)
    }

    /// Puts a value, replacing one of the same name, unless the session's values would exceed `limit` bytes.
    ///
    /// # Errors
    /// [`StoreError::Full`] past the limit, [`StoreError::Gone`] when the session has ended.
    pub async fn put_value(&self, session: SessionId, value: &SessionValue, limit: u32) -> Result<(), StoreError> {
        let mut work = self.writers.begin_with(self.begin).await?;
        // Locks the session, so that values put at once are counted one after the other.
        let locked = sqlx::query("UPDATE sessions SET last_seen_at = last_seen_at WHERE id = $1")
            .bind(session.0.to_vec())
            .execute(&mut *work)
            .await?;
        if locked.rows_affected() == 0 {
            return Err(StoreError::Gone);
        }
        sqlx::query(
            "INSERT INTO session_values (session_id, name, value) VALUES ($1, $2, $3) \
             ON CONFLICT (session_id, name) DO UPDATE SET value = excluded.value",
        )
        .bind(session.0.to_vec())
        .bind(value.name.as_str())
        .bind(value.value.as_str())
        .execute(&mut *work)
        .await?;
        let used: i64 = sqlx::query(
            "SELECT CAST(SUM(OCTET_LENGTH(name) + OCTET_LENGTH(value)) AS BIGINT) AS used \
             FROM session_values WHERE session_id = $1",
        )
        .bind(session.0.to_vec())
        .fetch_one(&mut *work)
        .await?
        .try_get("used")?;
        if used > i64::from(limit) {
            work.rollback().await?;
            return Err(StoreError::Full);
        }
        work.commit().await?;
        Ok(())
    }

    /// Deletes one value.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_value(&self, session: SessionId, name: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session_values WHERE session_id = $1 AND name = $2")
            .bind(session.0.to_vec())
            .bind(name)
            .execute(&self.writers)
            .await?;
        Ok(())
    }

    /// Deletes all values of a session.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn clear_values(&self, session: SessionId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session_values WHERE session_id = $1")
            .bind(session.0.to_vec())
            .execute(&self.writers)
            .await?;
        Ok(())
    }
}
