//! The table `sessions`.

use super::{Store, StoreError};
use app::services::{SessionId, User};
use sqlx::{Row, any::AnyRow};

/// A session about to be stored. Times are UTC seconds.
pub struct NewSession {
    /// Public half of the token.
    pub id: SessionId,
    /// SHA-256 of the secret half.
    pub secret_hash: [u8; 32],
    /// Whose it is; `None` for an anonymous one.
    pub user_id: Option<i64>,
    /// When it begins.
    pub now: i64,
    /// How long it may stay idle, in seconds.
    pub idle_seconds: i64,
    /// When it ends whatever happens.
    pub ends_at: i64,
}

/// A live session with its user, as one query finds it. Times are UTC seconds.
pub struct StoredSession {
    /// SHA-256 of the token's secret half.
    pub secret_hash: Vec<u8>,
    /// Whose it is.
    pub user: Option<User>,
    /// When it began.
    pub created_at: i64,
    /// When it was last used, to within the renewal interval.
    pub last_seen_at: i64,
    /// When it ends: idle or absolute, whichever is sooner.
    pub expires_at: i64,
    /// When it ends whatever happens.
    pub ends_at: i64,
    /// How long it may stay idle.
    pub idle_seconds: i64,
}

impl Store {
    /// Adds a session.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_session(&self, session: &NewSession) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO sessions (id, secret_hash, user_id, created_at, last_seen_at, expires_at, ends_at, idle_seconds) \
             VALUES ($1, $2, $3, $4, $4, $5, $6, $7)",
        )
        .bind(session.id.0.to_vec())
        .bind(session.secret_hash.to_vec())
        .bind(session.user_id)
        .bind(session.now)
        .bind(session.ends_at.min(session.now + session.idle_seconds))
        .bind(session.ends_at)
        .bind(session.idle_seconds)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Turns one session into another in a single step: the old id is dead at once and its values go along.
    /// Returns whether the old one was still there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn rotate_session(&self, old: SessionId, new: &NewSession) -> Result<bool, StoreError> {
        let changed = sqlx::query(
            "UPDATE sessions SET id = $2, secret_hash = $3, user_id = $4, created_at = $5, last_seen_at = $5, \
             expires_at = $6, ends_at = $7, idle_seconds = $8 WHERE id = $1",
        )
        .bind(old.0.to_vec())
        .bind(new.id.0.to_vec())
        .bind(new.secret_hash.to_vec())
        .bind(new.user_id)
        .bind(new.now)
        .bind(new.ends_at.min(new.now + new.idle_seconds))
        .bind(new.ends_at)
        .bind(new.idle_seconds)
        .execute(&self.pool)
        .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Finds a session that has not ended, with its user: the one query of a guarded request.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_session(&self, id: SessionId, now: i64) -> Result<Option<StoredSession>, StoreError> {
        let row = sqlx::query(
            "SELECT s.secret_hash, s.user_id, u.username, u.created_at AS user_created_at, s.created_at, s.last_seen_at, \
             s.expires_at, s.ends_at, s.idle_seconds \
             FROM sessions s LEFT JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND s.expires_at > $2",
        )
        .bind(id.0.to_vec())
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| stored_session(&row)).transpose()?)
    }

    /// Notes that a session was used. Never shortens its life and never revives a dead one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn renew_session(&self, id: SessionId, now: i64, expires_at: i64) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE sessions SET last_seen_at = $2, expires_at = $3 \
             WHERE id = $1 AND last_seen_at < $2 AND expires_at > $2 AND expires_at <= $3",
        )
        .bind(id.0.to_vec())
        .bind(now)
        .bind(expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Deletes a session and its values.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_session(&self, id: SessionId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id.0.to_vec()).execute(&self.pool).await?;
        Ok(())
    }

    /// Deletes at most `most` sessions that have ended; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_ended_sessions(&self, now: i64, most: i64) -> Result<u64, StoreError> {
        let deleted = sqlx::query(
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        )
        .bind(now)
        .bind(most)
        .execute(&self.pool)
        .await?;
        Ok(deleted.rows_affected())
    }
}

fn stored_session(row: &AnyRow) -> Result<StoredSession, sqlx::Error> {
    let user = match row.try_get::<Option<i64>, _>("user_id")? {
        Some(id) => Some(User { id, username: row.try_get("username")?, created_at: row.try_get("user_created_at")? }),
        None => None,
    };
    Ok(StoredSession {
        secret_hash: row.try_get("secret_hash")?,
        user,
        created_at: row.try_get("created_at")?,
        last_seen_at: row.try_get("last_seen_at")?,
        expires_at: row.try_get("expires_at")?,
        ends_at: row.try_get("ends_at")?,
        idle_seconds: row.try_get("idle_seconds")?,
    })
}
