//! The table `subjects`: the throw-away accounts of the experiments.

use super::{Store, StoreError, StoredEvent, StoredUser, users::insert_user};
use app::{accounts::Username, services::User};
use sqlx::Row;

/// What makes a new user a subject.
#[derive(Clone, Copy)]
pub struct NewSubject {
    /// By which it is known.
    pub id: [u8; 16],
    /// When it ends, UTC seconds.
    pub ends_at: i64,
    /// Whether a visitor has chosen its name, and so may keep it.
    pub own: bool,
}

impl Store {
    /// Adds a user who is a subject, with the event that tells of it.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the name is in use, without regard to case.
    pub async fn add_subject(
        &self,
        username: &Username,
        password_hash: &str,
        event: &StoredEvent,
        subject: NewSubject,
    ) -> Result<(), StoreError> {
        let input = (username.clone(), password_hash.to_owned(), event.clone(), subject);
        self.write(input, |work, (username, password_hash, event, subject)| {
            Box::pin(async move {
                let user_id = insert_user(work, username, password_hash, event).await?;
                sqlx::query("INSERT INTO subjects (id, user_id, ends_at, own) VALUES ($1, $2, $3, $4)")
                    .bind(subject.id.to_vec())
                    .bind(user_id)
                    .bind(subject.ends_at)
                    .bind(i64::from(subject.own))
                    .execute(work)
                    .await?;
                Ok(())
            })
        })
        .await
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

    /// Forgets that an account is a subject, if a visitor made it with a name of their own: it stays. Returns whether it does.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keep_subject(&self, user_id: i64) -> Result<bool, StoreError> {
        let keep = sqlx::query("DELETE FROM subjects WHERE user_id = $1 AND own = 1").bind(user_id);
        Ok(self.execute(keep).await? > 0)
    }

    /// Deletes at most `most` accounts of subjects that have ended; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_ended_subjects(&self, now: i64, most: i64) -> Result<u64, StoreError> {
        let delete = sqlx::query(
            "DELETE FROM users WHERE id IN (SELECT user_id FROM subjects WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)",
        );
        self.execute(delete.bind(now).bind(most)).await
    }
}
