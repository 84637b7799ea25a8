//! The table `session_values`.

use super::{Store, StoreError};
use app::{
    bench::{Expected, SessionValue},
    sessions::SessionId,
};
use sqlx::{AnyConnection, AssertSqlSafe, Row};

/// Names deleted by one statement: SQLite binds 32,766 values at most.
const NAMES_AT_ONCE: usize = 500;

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

    /// Puts a value, replacing one of the same name, unless the session's values would exceed `limit` bytes or
    /// something else is there than what is `expected`.
    ///
    /// # Errors
    /// [`StoreError::Full`] past the limit, [`StoreError::Changed`] when something else is there,
    /// [`StoreError::Gone`] when the session has ended.
    pub async fn put_value(
        &self,
        session: SessionId,
        value: &SessionValue,
        expected: Option<&Expected>,
        limit: u32,
    ) -> Result<(), StoreError> {
        let input = (session, value.clone(), expected.cloned(), limit);
        self.write(input, |work, (session, value, expected, limit)| {
            Box::pin(put_value(work, *session, value, expected.as_ref(), *limit))
        })
        .await
    }

    /// Deletes one value; where something is `expected`, only if it is still there. One that is gone is deleted.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when another value is there.
    pub async fn delete_value(
        &self,
        session: SessionId,
        name: &str,
        expected: Option<&Expected>,
    ) -> Result<(), StoreError> {
        self.write((session, name.to_owned(), expected.cloned()), |work, (session, name, expected)| {
            Box::pin(delete_value(work, *session, name, expected.as_ref()))
        })
        .await
    }

    /// Deletes the values of these names, all or none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_values(&self, session: SessionId, names: &[String]) -> Result<(), StoreError> {
        self.write((session, names.to_vec()), |work, (session, names)| {
            Box::pin(async move {
                for names in names.chunks(NAMES_AT_ONCE) {
                    let places: Vec<_> = (2..).take(names.len()).map(|number| format!("${number}")).collect();
                    let places = places.join(", ");
                    let sql = format!("DELETE FROM session_values WHERE session_id = $1 AND name IN ({places})");
                    let query = sqlx::query(AssertSqlSafe(sql)).bind(session.0.to_vec());
                    names.iter().fold(query, |query, name| query.bind(name.as_str())).execute(&mut *work).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Deletes all values of a session.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn clear_values(&self, session: SessionId) -> Result<(), StoreError> {
        let clear = sqlx::query("DELETE FROM session_values WHERE session_id = $1").bind(session.0.to_vec());
        self.execute(clear).await.map(drop)
    }
}

async fn put_value(
    work: &mut AnyConnection,
    session: SessionId,
    value: &SessionValue,
    expected: Option<&Expected>,
    limit: u32,
) -> Result<(), StoreError> {
    // Locks the session, so that values put at once are counted one after the other.
    let locked = sqlx::query("UPDATE sessions SET last_seen_at = last_seen_at WHERE id = $1")
        .bind(session.0.to_vec())
        .execute(&mut *work)
        .await?;
    if locked.rows_affected() == 0 {
        return Err(StoreError::Gone);
    }
    if !write_value(work, session, value, expected).await? {
        return Err(StoreError::Changed);
    }
    let used: i64 = sqlx::query(
        "SELECT CAST(SUM(OCTET_LENGTH(name) + OCTET_LENGTH(value)) AS BIGINT) AS used \
         FROM session_values WHERE session_id = $1",
    )
    .bind(session.0.to_vec())
    .fetch_one(work)
    .await?
    .try_get("used")?;
    if used > i64::from(limit) { Err(StoreError::Full) } else { Ok(()) }
}

async fn delete_value(
    work: &mut AnyConnection,
    session: SessionId,
    name: &str,
    expected: Option<&Expected>,
) -> Result<(), StoreError> {
    let deleted = match expected {
        None => sqlx::query("DELETE FROM session_values WHERE session_id = $1 AND name = $2")
            .bind(session.0.to_vec())
            .bind(name)
            .execute(&mut *work)
            .await?
            .rows_affected(),
        Some(Expected::Value(before)) => {
            sqlx::query("DELETE FROM session_values WHERE session_id = $1 AND name = $2 AND value = $3")
                .bind(session.0.to_vec())
                .bind(name)
                .bind(before.as_str())
                .execute(&mut *work)
                .await?
                .rows_affected()
        }
        Some(Expected::Nothing) => 0,
    };
    if deleted == 0 && expected.is_some() {
        let other = sqlx::query("SELECT 1 AS found FROM session_values WHERE session_id = $1 AND name = $2")
            .bind(session.0.to_vec())
            .bind(name)
            .fetch_optional(work)
            .await?;
        if other.is_some() {
            return Err(StoreError::Changed);
        }
    }
    Ok(())
}

/// Writes a value in one statement, which also decides whether what is expected is there; returns whether it was.
async fn write_value(
    work: &mut AnyConnection,
    session: SessionId,
    SessionValue { name, value }: &SessionValue,
    expected: Option<&Expected>,
) -> Result<bool, StoreError> {
    let sql = match expected {
        None => {
            "INSERT INTO session_values (session_id, name, value) VALUES ($1, $2, $3) \
             ON CONFLICT (session_id, name) DO UPDATE SET value = excluded.value"
        }
        Some(Expected::Nothing) => {
            "INSERT INTO session_values (session_id, name, value) VALUES ($1, $2, $3) \
             ON CONFLICT (session_id, name) DO NOTHING"
        }
        Some(Expected::Value(_)) => {
            "UPDATE session_values SET value = $3 WHERE session_id = $1 AND name = $2 AND value = $4"
        }
    };
    let mut query = sqlx::query(sql).bind(session.0.to_vec()).bind(name.as_str()).bind(value.as_str());
    if let Some(Expected::Value(before)) = expected {
        query = query.bind(before.as_str());
    }
    Ok(query.execute(work).await?.rows_affected() > 0)
}
