//! The table `users`.

use super::{Store, StoreError};
use app::accounts::Username;
use sqlx::Row;

/// A user with the hash that the log-in checks.
pub struct StoredUser {
    /// Key.
    pub id: i64,
    /// PHC string.
    pub password_hash: String,
}

impl Store {
    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the name is in use, without regard to case.
    pub async fn add_user(&self, username: &Username, password_hash: &str, now: i64) -> Result<(), StoreError> {
        let added = sqlx::query(
            "INSERT INTO users (username, username_key, password_hash, created_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(username.as_str())
        .bind(username.key())
        .bind(password_hash)
        .bind(now)
        .execute(&self.pool)
        .await;
        match added {
            Ok(_) => Ok(()),
            Err(error) if error.as_database_error().is_some_and(|cause| cause.is_unique_violation()) => {
                Err(StoreError::Taken)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Finds a user by name, without regard to case.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_user(&self, username: &Username) -> Result<Option<StoredUser>, StoreError> {
        let row = sqlx::query("SELECT id, password_hash FROM users WHERE username_key = $1")
            .bind(username.key())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(StoredUser { id: row.try_get("id")?, password_hash: row.try_get("password_hash")? }))
    }

    /// Replaces a user's password hash.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_password_hash(&self, user_id: i64, password_hash: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1")
            .bind(user_id)
            .bind(password_hash)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
