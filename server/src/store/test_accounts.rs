//! The table `subjects`: the test accounts of the experiments, which end after a while.

use super::{Store, StoreError, StoredEvent, StoredUser, users::insert_user};
use app::{accounts::Username, request::User};
use sqlx::Row;

/// What makes a new user a test account.
#[derive(Clone, Copy)]
pub struct NewTestAccount {
    /// The id by which a visitor uses it.
    pub id: [u8; 16],
    /// When it ends, UTC seconds.
    pub ends_at: i64,
    /// Whether a visitor has chosen its name, and so may keep it.
    pub own: bool,
}

impl Store {
    /// Adds a test account, with the event of its sign-up.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the name is in use, without regard to case.
    pub async fn add_test_account(
        &self,
        username: &Username,
        password_hash: &str,
        event: &StoredEvent,
        test_account: NewTestAccount,
    ) -> Result<(), StoreError> {
        let input = (username.clone(), password_hash.to_owned(), event.clone(), test_account);
        self.write(input, |work, (username, password_hash, event, test_account)| {
            Box::pin(async move {
                let user_id = insert_user(work, username, password_hash, event).await?;
                sqlx::query("INSERT INTO subjects (id, user_id, ends_at, own) VALUES ($1, $2, $3, $4)")
                    .bind(test_account.id.to_vec())
                    .bind(user_id)
                    .bind(test_account.ends_at)
                    .bind(i64::from(test_account.own))
                    .execute(work)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// A test account that has not ended, with its password hash.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_test_account(&self, id: [u8; 16], now: i64) -> Result<Option<(User, StoredUser)>, StoreError> {
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

    /// Makes a test account an account like any other, if a visitor made it with a name of their own. Returns whether it is one
    /// now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keep_test_account(&self, user_id: i64) -> Result<bool, StoreError> {
        let keep = sqlx::query("DELETE FROM subjects WHERE user_id = $1 AND own = 1").bind(user_id);
        Ok(self.execute(keep).await? > 0)
    }

    /// Deletes at most `most` test accounts that have ended; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_ended_test_accounts(&self, now: i64, most: i64) -> Result<u64, StoreError> {
        let delete = sqlx::query(
            "DELETE FROM users WHERE id IN (SELECT user_id FROM subjects WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)",
        );
        self.execute(delete.bind(now).bind(most)).await
    }
}
