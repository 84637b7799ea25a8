//! The table `events`: what happened to an account.

use super::{Store, StoreError};
use app::{accounts::EventKind, request::Caller};
use sqlx::{AnyConnection, Row};

/// An event as it is stored.
#[derive(Clone)]
pub struct StoredEvent {
    /// UTC seconds.
    pub at: i64,
    /// What happened.
    pub kind: EventKind,
    /// How often it happened within an hour of the time before; `at` is the last time.
    pub times: i64,
    /// Where the request came from.
    pub caller: Caller,
}

impl Store {
    /// Adds an event.
    ///
    /// # Errors
    /// [`StoreError::Database`], as when the account is gone.
    pub async fn add_event(&self, user_id: i64, event: &StoredEvent) -> Result<(), StoreError> {
        self.write((user_id, event.clone()), |work, (user_id, event)| Box::pin(insert_event(work, *user_id, event)))
            .await
    }

    /// The latest events of an account, the latest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_events(&self, user_id: i64, most: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, kind, times, address, agent FROM events WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        )
        .bind(user_id)
        .bind(most)
        .fetch_all(&self.readers)
        .await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            // A kind that a newer version wrote is left out.
            let Some(kind) = EventKind::from_word(row.try_get("kind")?) else { continue };
            let caller = Caller { address: row.try_get("address")?, agent: row.try_get("agent")? };
            let (at, times) = (row.try_get("at")?, row.try_get("times")?);
            events.push(StoredEvent { at, kind, times, caller });
        }
        Ok(events)
    }

    /// Deletes at most `most` events older than `before`; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_old_events(&self, before: i64, most: i64) -> Result<u64, StoreError> {
        let delete =
            sqlx::query("DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < $1 ORDER BY at LIMIT $2)");
        self.execute(delete.bind(before).bind(most)).await
    }
}

/// Adds an event within the transaction of what it tells of. An account keeps the latest events of each kind, so that many of
/// one kind drive out none of another.
pub(super) async fn insert_event(
    work: &mut AnyConnection,
    user_id: i64,
    event: &StoredEvent,
) -> Result<(), StoreError> {
    if event.kind.is_folded() && fold_event(work, user_id, event).await? {
        return Ok(());
    }
    let inserted = sqlx::query(
        "INSERT INTO events (user_id, at, kind, address, agent) VALUES ($1, $2, $3, $4, $5) \
         RETURNING (SELECT COUNT(*) FROM events WHERE user_id = $1 AND kind = $3) AS events",
    )
    .bind(user_id)
    .bind(event.at)
    .bind(event.kind.word())
    .bind(event.caller.address.as_str())
    .bind(event.caller.agent.as_str())
    .fetch_one(&mut *work)
    .await?;
    // This one is among them or not: the databases differ.
    if inserted.try_get::<i64, _>("events")? < EVENTS_KEPT_OF_KIND {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM events WHERE user_id = $1 AND kind = $2 AND id <= \
         (SELECT id FROM events WHERE user_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1 OFFSET $3)",
    )
    .bind(user_id)
    .bind(event.kind.word())
    .bind(EVENTS_KEPT_OF_KIND)
    .execute(&mut *work)
    .await?;
    Ok(())
}

/// Counts an event to the previous one of its kind, if that came from the same browser within an hour; returns whether it did.
async fn fold_event(work: &mut AnyConnection, user_id: i64, event: &StoredEvent) -> Result<bool, StoreError> {
    let folded = sqlx::query(
        "UPDATE events SET times = times + 1, at = $2 WHERE address = $4 AND agent = $5 AND at > $2 - $6 AND id = \
         (SELECT MAX(id) FROM events WHERE user_id = $1 AND kind = $3)",
    )
    .bind(user_id)
    .bind(event.at)
    .bind(event.kind.word())
    .bind(event.caller.address.as_str())
    .bind(event.caller.agent.as_str())
    .bind(FOLDED_WITHIN_SECONDS)
    .execute(work)
    .await?;
    Ok(folded.rows_affected() > 0)
}

/// Most events of one kind that are kept of one account.
const EVENTS_KEPT_OF_KIND: i64 = 100;
/// How long after the last one an event is still counted to it.
const FOLDED_WITHIN_SECONDS: i64 = 3_600;
