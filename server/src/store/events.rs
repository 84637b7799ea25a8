//! The table `events`: what happened to an account.

use super::{Store, StoreError};
use app::{accounts::EventKind, services::Caller};
use sqlx::{AnyConnection, Row};

/// An event as it is stored.
pub struct StoredEvent {
    /// UTC seconds.
    pub at: i64,
    /// What happened.
    pub kind: EventKind,
    /// Where the request came from.
    pub caller: Caller,
}

impl Store {
    /// Adds an event.
    ///
    /// # Errors
    /// [`StoreError::Database`], as when the account is gone.
    pub async fn add_event(&self, user_id: i64, event: &StoredEvent) -> Result<(), StoreError> {
        insert_event(&mut *self.writers.acquire().await?, user_id, event).await
    }

    /// The latest events of an account, the latest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_events(&self, user_id: i64, most: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let rows =
            sqlx::query("SELECT at, kind, address, agent FROM events WHERE user_id = $1 ORDER BY id DESC LIMIT $2")
                .bind(user_id)
                .bind(most)
                .fetch_all(&self.readers)
                .await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            // A kind that a newer version wrote is left out.
            let Some(kind) = EventKind::from_word(row.try_get("kind")?) else { continue };
            let caller = Caller { address: row.try_get("address")?, agent: row.try_get("agent")? };
            events.push(StoredEvent { at: row.try_get("at")?, kind, caller });
        }
        Ok(events)
    }

    /// Deletes at most `most` events older than `before`; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_old_events(&self, before: i64, most: i64) -> Result<u64, StoreError> {
        let deleted =
            sqlx::query("DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < $1 ORDER BY at LIMIT $2)")
                .bind(before)
                .bind(most)
                .execute(&self.writers)
                .await?;
        Ok(deleted.rows_affected())
    }
}

/// Within a transaction, together with what the event tells of. An account keeps its latest [`EVENTS_KEPT`].
pub(super) async fn insert_event(
    work: &mut AnyConnection,
    user_id: i64,
    event: &StoredEvent,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO events (user_id, at, kind, address, agent) VALUES ($1, $2, $3, $4, $5)")
        .bind(user_id)
        .bind(event.at)
        .bind(event.kind.word())
        .bind(event.caller.address.as_str())
        .bind(event.caller.agent.as_str())
        .execute(&mut *work)
        .await?;
    sqlx::query(
        "DELETE FROM events WHERE user_id = $1 AND id <= \
         (SELECT id FROM events WHERE user_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
    )
    .bind(user_id)
    .bind(EVENTS_KEPT)
    .execute(&mut *work)
    .await?;
    Ok(())
}

/// Most events that are kept of one account.
const EVENTS_KEPT: i64 = 500;
