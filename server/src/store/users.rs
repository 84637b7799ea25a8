//! The table `users`.

use super::{Store, StoreError, StoredEvent, events::insert_event};
use app::accounts::Username;
use sqlx::{AnyConnection, Row, any::AnyRow};

/// A user with the hash that the log-in checks.
#[derive(Clone)]
pub struct StoredUser {
    /// Key.
    pub id: i64,
    /// PHC string.
    pub password_hash: String,
    /// Whether an operator closed the account.
    pub disabled: bool,
}

/// A user as an operator sees it. Times are UTC seconds.
pub struct UserRow {
    /// As typed at sign-up.
    pub username: String,
    /// When the account was made.
    pub created_at: i64,
    /// When an operator closed it.
    pub disabled_at: Option<i64>,
    /// Sessions that have not ended.
    pub sessions: i64,
}

impl Store {
    /// Adds a user, with the event that tells of it.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the name is in use, without regard to case.
    pub async fn add_user(
        &self,
        username: &Username,
        password_hash: &str,
        event: &StoredEvent,
    ) -> Result<(), StoreError> {
        let input = (username.clone(), password_hash.to_owned(), event.clone());
        self.write(input, |work, (username, password_hash, event)| {
            Box::pin(async move { insert_user(work, username, password_hash, event).await.map(drop) })
        })
        .await
    }

    /// Finds a user by name, without regard to case.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_user(&self, username: &Username) -> Result<Option<StoredUser>, StoreError> {
        let row = sqlx::query("SELECT id, password_hash, disabled_at FROM users WHERE username_key = $1")
            .bind(username.key())
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(StoredUser {
            id: row.try_get("id")?,
            password_hash: row.try_get("password_hash")?,
            disabled: row.try_get::<Option<i64>, _>("disabled_at")?.is_some(),
        }))
    }

    /// Deletes a user with sessions, events and all, if the password is still the one that was checked.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when it is not.
    pub async fn delete_user(&self, user: &StoredUser) -> Result<(), StoreError> {
        let delete = sqlx::query("DELETE FROM users WHERE id = $1 AND password_hash = $2");
        let deleted = self.execute(delete.bind(user.id).bind(user.password_hash.clone())).await?;
        if deleted == 0 { Err(StoreError::Gone) } else { Ok(()) }
    }

    /// All users by name, for an operator; at most `most` after the name `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_users(&self, after: &str, most: i64, now: i64) -> Result<Vec<UserRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT username, created_at, disabled_at, \
             (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > $3) AS sessions FROM users u WHERE username_key > $1 ORDER BY username_key LIMIT $2",
        )
        .bind(after)
        .bind(most)
        .bind(now)
        .fetch_all(&self.readers)
        .await?;
        let user = |row: &AnyRow| {
            Ok(UserRow {
                username: row.try_get("username")?,
                created_at: row.try_get("created_at")?,
                disabled_at: row.try_get("disabled_at")?,
                sessions: row.try_get("sessions")?,
            })
        };
        Ok(rows.iter().map(user).collect::<Result<_, sqlx::Error>>()?)
    }
}

/// Within a transaction: adds a user, with the event that tells of it; returns the key.
pub(super) async fn insert_user(
    work: &mut AnyConnection,
    username: &Username,
    password_hash: &str,
    event: &StoredEvent,
) -> Result<i64, StoreError> {
    let added = sqlx::query(
        "INSERT INTO users (username, username_key, password_hash, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
    )
    .bind(username.as_str())
    .bind(username.key())
    .bind(password_hash)
    .bind(event.at)
    .fetch_one(&mut *work)
    .await;
    let id = match added {
        Ok(row) => row.try_get("id")?,
        Err(error) if error.as_database_error().is_some_and(|cause| cause.is_unique_violation()) => {
            return Err(StoreError::Taken);
        }
        Err(error) => return Err(error.into()),
    };
    insert_event(work, id, event).await?;
    Ok(id)
}
