//! The table `sessions`.

use super::{
    AttemptReset, Store, StoreError, StoredEvent, StoredUser, attempts::reset_attempts, events::insert_event,
    resets::delete_reset, session_reader::SessionRow, write::to_its_end,
};
use app::{
    accounts::EventKind,
    request::{Caller, User},
    sessions::SessionId,
};
use sqlx::{AnyConnection, Row};

/// Most sessions of one account; past it the one that was unused longest ends (OWASP ASVS 7.1.2).
const SESSIONS_PER_USER: i64 = 50;

/// A session about to be stored. Times are UTC seconds.
#[derive(Clone)]
pub struct NewSession {
    /// Public half of the token.
    pub id: SessionId,
    /// SHA-256 of the secret half.
    pub secret_hash: [u8; 32],
    /// Its user's key; `None` for an anonymous session.
    pub user_id: Option<i64>,
    /// When it was seen first.
    pub created_at: i64,
    /// When its token was made.
    pub now: i64,
    /// How long it may stay idle, in seconds.
    pub idle_seconds: i64,
    /// When it ends whatever happens.
    pub ends_at: i64,
    /// "Keep me logged in".
    pub kept: bool,
    /// Client address and `User-Agent`.
    pub caller: Caller,
}

/// A session with its user, as one query finds it. Times are UTC seconds.
pub struct StoredSession {
    /// Public half of the token.
    pub id: SessionId,
    /// SHA-256 of the token's secret half.
    pub secret_hash: Vec<u8>,
    /// Its user; `None` for an anonymous session.
    pub user: Option<User>,
    /// When it was seen first.
    pub created_at: i64,
    /// When it was used last, to the minute.
    pub last_seen_at: i64,
    /// When it ends if nothing more is asked of it.
    pub expires_at: i64,
    /// When it ends whatever happens.
    pub ends_at: i64,
    /// How long it may stay idle, in seconds.
    pub idle_seconds: i64,
    /// When its owner's password was checked last.
    pub confirmed_at: i64,
    /// "Keep me logged in".
    pub kept: bool,
    /// Client address and `User-Agent`.
    pub caller: Caller,
}

impl TryFrom<SessionRow> for StoredSession {
    type Error = sqlx::Error;

    fn try_from(row: SessionRow) -> Result<Self, sqlx::Error> {
        let (id, secret_hash, user_id, username, user_created_at, created_at, last_seen_at, expires_at, ..) = row;
        let (.., ends_at, idle_seconds, confirmed_at, kept, address, agent) = row;
        Ok(Self {
            id: SessionId(id.try_into().map_err(|_| sqlx::Error::ColumnDecode {
                index: "id".into(),
                source: "a session's id has 16 bytes".into(),
            })?),
            secret_hash,
            // The user's columns are there or missing together.
            user: user_id.zip(username).zip(user_created_at).map(|((id, username), created_at)| User {
                id,
                username,
                created_at,
            }),
            created_at,
            last_seen_at,
            expires_at,
            ends_at,
            idle_seconds,
            confirmed_at,
            kept: kept != 0,
            caller: Caller { address, agent },
        })
    }
}

/// All that is written in one transaction once a user's password was right: a session begins, or goes on under a new token.
pub struct SessionStart {
    /// The user, with the hash that the password was checked against.
    pub user: StoredUser,
    /// The hash to store from now on: of a new password, or of the same at another cost.
    pub password_hash: Option<String>,
    /// What becomes of the browser's previous session.
    pub previous: PreviousSession,
    /// Whether the account's other sessions end.
    pub end_others: bool,
    /// The session to store.
    pub session: NewSession,
    /// What the success does to the counted failures.
    pub attempt_reset: AttemptReset,
    /// The event that the account's owner is shown.
    pub event: StoredEvent,
}

/// What becomes of the session that a browser had before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviousSession {
    /// There was none.
    None,
    /// Its id is rotated: it becomes the new session and keeps its values. If it has just ended, the new one begins without it.
    RotateIfAlive(SessionId),
    /// Its id is rotated as well, but if it has just ended nothing begins: an ended session is not brought back.
    Rotate(SessionId),
    /// It belongs to another user and ends.
    End(SessionId),
}

/// The one query of a guarded request, public so that its plan can be looked at.
pub const FIND_SESSION: &str = "\
    SELECT s.id, s.secret_hash, s.user_id, u.username, u.created_at AS user_created_at, s.created_at, s.last_seen_at, \
    s.expires_at, s.ends_at, s.idle_seconds, s.confirmed_at, s.kept, s.address, s.agent \
    FROM sessions s LEFT JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND s.expires_at > $2";

/// The same of all sessions of a user.
const LIST_SESSIONS: &str = "\
    SELECT s.id, s.secret_hash, s.user_id, u.username, u.created_at AS user_created_at, s.created_at, s.last_seen_at, \
    s.expires_at, s.ends_at, s.idle_seconds, s.confirmed_at, s.kept, s.address, s.agent \
    FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.user_id = $1 AND s.expires_at > $2 \
    ORDER BY s.last_seen_at DESC, s.created_at DESC, s.id";

impl Store {
    /// Adds a session.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_session(&self, session: &NewSession) -> Result<(), StoreError> {
        self.write(session.clone(), |work, session| {
            Box::pin(async move { insert_session(work, session).await.map(drop) })
        })
        .await
    }

    /// Begins a user's session, or rotates the previous one's id: the old id is dead at once, the values stay. Nothing begins
    /// for an account that was disabled, or whose password changed since it was checked.
    ///
    /// # Errors
    /// [`StoreError::Gone`] then, and when the session to rotate has ended.
    pub async fn start_session(&self, start: SessionStart) -> Result<(), StoreError> {
        let (store, taken_back) = (self.clone(), start.attempt_reset.take_back.clone());
        to_its_end(async move {
            store.write(start, |work, start| Box::pin(start_session(work, start))).await?;
            if let Err(cause) = store.take_back(taken_back).await {
                tracing::warn!(%cause, "an attempt that succeeded stays counted as failed");
            }
            Ok(())
        })
        .await
    }

    /// Finds a session that has not ended, with its user: the one query of a guarded request.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_session(&self, id: SessionId, now: i64) -> Result<Option<StoredSession>, StoreError> {
        let row = match self.sessions.find(FIND_SESSION, id, now).await {
            Some(row) => row?,
            None => sqlx::query_as(FIND_SESSION).bind(id.0.to_vec()).bind(now).fetch_optional(&self.readers).await?,
        };
        Ok(row.map(StoredSession::try_from).transpose()?)
    }

    /// The sessions of a user that have not ended, the one used last first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_sessions(&self, user_id: i64, now: i64) -> Result<Vec<StoredSession>, StoreError> {
        let rows: Vec<SessionRow> =
            sqlx::query_as(LIST_SESSIONS).bind(user_id).bind(now).fetch_all(&self.readers).await?;
        Ok(rows.into_iter().map(StoredSession::try_from).collect::<Result<_, sqlx::Error>>()?)
    }

    /// How many sessions have not ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_sessions(&self, now: i64) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS sessions FROM sessions WHERE expires_at > $1")
            .bind(now)
            .fetch_one(&self.readers)
            .await?;
        Ok(row.try_get("sessions")?)
    }

    /// Notes that a session was used, and from where. Never shortens its life and never revives a dead one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn renew_session(
        &self,
        id: SessionId,
        now: i64,
        expires_at: i64,
        address: &str,
    ) -> Result<(), StoreError> {
        let renew = sqlx::query(
            "UPDATE sessions SET last_seen_at = $2, expires_at = $3, address = $4 \
             WHERE id = $1 AND last_seen_at < $2 AND expires_at > $2 AND expires_at <= $3",
        );
        let renew = renew.bind(id.0.to_vec()).bind(now).bind(expires_at).bind(address.to_owned());
        self.execute(renew).await.map(drop)
    }

    /// Deletes a session and its values, with the event that tells of it; returns whether it was there and the user's. One that
    /// has meanwhile gone on under another id is the same session and is deleted as well.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_session(&self, user_id: i64, id: SessionId, event: &StoredEvent) -> Result<bool, StoreError> {
        self.write((user_id, id, event.clone()), |work, (user_id, id, event)| {
            Box::pin(async move {
                let ended = sqlx::query("DELETE FROM sessions WHERE user_id = $2 AND (id = $1 OR previous_id = $1)")
                    .bind(id.0.to_vec())
                    .bind(user_id)
                    .execute(&mut *work)
                    .await?;
                let ended = ended.rows_affected() > 0;
                if ended {
                    insert_event(work, *user_id, event).await?;
                }
                Ok(ended)
            })
        })
        .await
    }

    /// Deletes every session of a user but `except`, with the event that tells of it; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_sessions(
        &self,
        user_id: i64,
        except: Option<SessionId>,
        event: &StoredEvent,
    ) -> Result<u64, StoreError> {
        self.write((user_id, except, event.clone()), |work, (user_id, except, event)| {
            Box::pin(async move {
                let ended = sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2")
                    .bind(user_id)
                    .bind(except.map_or_else(Vec::new, |id| id.0.to_vec()))
                    .execute(&mut *work)
                    .await?;
                insert_event(work, *user_id, event).await?;
                Ok(ended.rows_affected())
            })
        })
        .await
    }

    /// Deletes a session and its values.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.execute(sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id.0.to_vec())).await.map(drop)
    }

    /// Deletes at most `most` sessions that have ended; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_ended_sessions(&self, now: i64, most: i64) -> Result<u64, StoreError> {
        let delete = sqlx::query(
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        );
        self.execute(delete.bind(now).bind(most)).await
    }
}

async fn start_session(work: &mut AnyConnection, start: &SessionStart) -> Result<(), StoreError> {
    let SessionStart { user, session, .. } = start;
    reset_attempts(work, &start.attempt_reset).await?;
    // Locks the user, so that a new password and a log-in with the old one come one after the other.
    let unchanged =
        sqlx::query("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL")
            .bind(user.id)
            .bind(user.password_hash.as_str())
            .bind(start.password_hash.as_ref().unwrap_or(&user.password_hash).as_str())
            .execute(&mut *work)
            .await?;
    if unchanged.rows_affected() == 0 {
        return Err(StoreError::Gone);
    }
    if start.event.kind == EventKind::PasswordChanged {
        // Who knows the password needs no link for a new one.
        delete_reset(work, user.id).await?;
    }
    let rotated = match start.previous {
        PreviousSession::None => None,
        PreviousSession::RotateIfAlive(id) | PreviousSession::Rotate(id) => rotate_session(work, id, session).await?,
        PreviousSession::End(id) => {
            sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id.0.to_vec()).execute(&mut *work).await?;
            None
        }
    };
    let others = match (start.previous, rotated) {
        (_, Some(others)) => others,
        (PreviousSession::Rotate(_), None) => return Err(StoreError::Gone),
        _ => insert_session(work, session).await?,
    };
    if start.end_others {
        sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2")
            .bind(user.id)
            .bind(session.id.0.to_vec())
            .execute(&mut *work)
            .await?;
    }
    if others >= SESSIONS_PER_USER {
        sqlx::query(
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = $1 AND id <> $2 \
             ORDER BY last_seen_at DESC, created_at DESC, id LIMIT 1000 OFFSET $3)",
        )
        .bind(user.id)
        .bind(session.id.0.to_vec())
        .bind(SESSIONS_PER_USER - 1)
        .execute(&mut *work)
        .await?;
    }
    insert_event(work, user.id, &start.event).await
}

/// Returns how many sessions its user has, this one among them or not.
async fn insert_session(work: &mut AnyConnection, session: &NewSession) -> Result<i64, StoreError> {
    let inserted = write_session(
        work,
        "INSERT INTO sessions (id, secret_hash, user_id, created_at, last_seen_at, expires_at, ends_at, idle_seconds, kept, \
         confirmed_at, address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         RETURNING (SELECT COUNT(*) FROM sessions WHERE user_id = $3) AS sessions",
        session,
        None,
    );
    Ok(inserted.await?.unwrap_or_default())
}

/// Rotates a session's id and secret in one statement; returns how many sessions its user has, or `None` where it was not there
/// any more.
async fn rotate_session(work: &mut AnyConnection, old: SessionId, new: &NewSession) -> Result<Option<i64>, StoreError> {
    write_session(
        work,
        "UPDATE sessions SET id = $1, secret_hash = $2, user_id = $3, created_at = $4, last_seen_at = $5, expires_at = $6, \
         ends_at = $7, idle_seconds = $8, kept = $9, confirmed_at = $10, address = $11, agent = $12, previous_id = $13 \
         WHERE id = $13 AND expires_at > $5 RETURNING (SELECT COUNT(*) FROM sessions WHERE user_id = $3) AS sessions",
        new,
        Some(old),
    )
    .await
}

async fn write_session(
    work: &mut AnyConnection,
    sql: &'static str,
    session: &NewSession,
    old: Option<SessionId>,
) -> Result<Option<i64>, StoreError> {
    let mut query = sqlx::query(sql)
        .bind(session.id.0.to_vec())
        .bind(session.secret_hash.to_vec())
        .bind(session.user_id)
        .bind(session.created_at)
        .bind(session.now)
        .bind(session.ends_at.min(session.now + session.idle_seconds))
        .bind(session.ends_at)
        .bind(session.idle_seconds)
        .bind(i64::from(session.kept))
        .bind(session.user_id.map_or(0, |_| session.now))
        .bind(session.caller.address.as_str())
        .bind(session.caller.agent.as_str());
    if let Some(old) = old {
        query = query.bind(old.0.to_vec());
    }
    Ok(query.fetch_optional(work).await?.map(|row| row.try_get("sessions")).transpose()?)
}
