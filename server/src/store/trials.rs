//! The table `trials`.

use super::{Store, StoreError};
use sqlx::Row;

impl Store {
    /// Adds a trial.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_trial(&self, id: [u8; 16], content: &str, now: i64) -> Result<(), StoreError> {
        let insert = sqlx::query("INSERT INTO trials (id, content, changed_at) VALUES ($1, $2, $3)");
        self.execute(insert.bind(id.to_vec()).bind(content.to_owned()).bind(now)).await.map(drop)
    }

    /// Writes a trial anew; says whether there is one of this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn change_trial(&self, id: [u8; 16], content: &str, now: i64) -> Result<bool, StoreError> {
        let change = sqlx::query("UPDATE trials SET content = $2, changed_at = $3 WHERE id = $1");
        Ok(self.execute(change.bind(id.to_vec()).bind(content.to_owned()).bind(now)).await? > 0)
    }

    /// A trial's content.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_trial(&self, id: [u8; 16]) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT content FROM trials WHERE id = $1")
            .bind(id.to_vec())
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| row.try_get("content")).transpose()?)
    }

    /// Deletes a trial.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_trial(&self, id: [u8; 16]) -> Result<(), StoreError> {
        self.execute(sqlx::query("DELETE FROM trials WHERE id = $1").bind(id.to_vec())).await.map(drop)
    }

    /// Deletes at most `most` trials that were last changed before `before`; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_old_trials(&self, before: i64, most: i64) -> Result<u64, StoreError> {
        let delete = sqlx::query(
            "DELETE FROM trials WHERE id IN (SELECT id FROM trials WHERE changed_at < $1 ORDER BY changed_at LIMIT $2)",
        );
        self.execute(delete.bind(before).bind(most)).await
    }
}
