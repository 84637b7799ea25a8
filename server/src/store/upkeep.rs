//! What the server asks of its database every minute: its clock, how much it keeps, and to give space back.

use super::{Store, StoreError};
use sqlx::Row;

/// Characters of a stored password hash after its cost: the salt, the hash, and a `$` before each.
pub const AFTER_COST: i64 = 1 + 22 + 1 + 43;

/// How many stored password hashes have one cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostShare {
    /// The beginning of a PHC string: `$argon2id$v=19$m=19456,t=2,p=1`.
    pub cost: String,
    /// How many hashes begin like this.
    pub hashes: u64,
}

/// Pages that SQLite gives back to the system at once.
const PAGES_AT_ONCE: i64 = 1_000;

impl Store {
    /// The time by the database's own clock, in UTC seconds; `None` with SQLite, which has this machine's.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn now(&self) -> Result<Option<i64>, StoreError> {
        if self.is_sqlite() {
            return Ok(None);
        }
        let now = "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp())) AS BIGINT) AS now";
        Ok(Some(sqlx::query(now).fetch_one(&self.readers).await?.try_get("now")?))
    }

    /// Bytes that are kept for the bench: the values of sessions, the trials and the test accounts. Each row counts `row`
    /// bytes more.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_bench_bytes(&self, row: usize) -> Result<u64, StoreError> {
        let bytes = "SELECT CAST( \
            (SELECT COALESCE(SUM(OCTET_LENGTH(name) + OCTET_LENGTH(value) + $1), 0) FROM session_values) + \
            (SELECT COALESCE(SUM(OCTET_LENGTH(content) + $1), 0) FROM trials) + \
            (SELECT COUNT(*) * $1 FROM sessions WHERE user_id IS NULL) + \
            (SELECT COUNT(*) * $1 FROM subjects) AS BIGINT) AS bytes";
        let row = i64::try_from(row).unwrap_or(i64::MAX);
        let bytes: i64 = sqlx::query(bytes).bind(row).fetch_one(&self.readers).await?.try_get("bytes")?;
        Ok(bytes.unsigned_abs())
    }

    /// What the stored password hashes cost, and how many have each cost.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_costs(&self) -> Result<Vec<CostShare>, StoreError> {
        let costs = "SELECT cost, COUNT(*) AS hashes FROM \
            (SELECT SUBSTR(password_hash, 1, CAST(LENGTH(password_hash) - $1 AS INTEGER)) AS cost FROM users \
            WHERE LENGTH(password_hash) > $1) AS costs GROUP BY cost";
        let rows = sqlx::query(costs).bind(AFTER_COST).fetch_all(&self.readers).await?;
        let share = |row: &sqlx::any::AnyRow| {
            let hashes: i64 = row.try_get("hashes")?;
            Ok(CostShare { cost: row.try_get("cost")?, hashes: hashes.unsigned_abs() })
        };
        Ok(rows.iter().map(share).collect::<Result<_, sqlx::Error>>()?)
    }

    /// Rewrites a file of an older version, once, so that space can be given back from now on.
    pub(super) async fn settle_vacuum(&self) -> Result<(), StoreError> {
        const INCREMENTAL: i64 = 2;
        if !self.is_sqlite() {
            return Ok(());
        }
        let mode = sqlx::query("SELECT auto_vacuum AS mode FROM pragma_auto_vacuum").fetch_one(&self.readers).await?;
        if mode.try_get::<i64, _>("mode")? != INCREMENTAL {
            let rewrite = "PRAGMA auto_vacuum = INCREMENTAL; VACUUM;";
            sqlx::raw_sql(rewrite).execute(&self.writers).await?;
        }
        Ok(())
    }

    /// Gives the space of what was deleted back to the system, in small pieces: SQLite keeps it in its file by itself.
    /// PostgreSQL does so with a process of its own.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn give_back_space(&self) -> Result<(), StoreError> {
        if !self.is_sqlite() {
            return Ok(());
        }
        let free = "SELECT freelist_count AS pages FROM pragma_freelist_count";
        loop {
            let pages: i64 = sqlx::query(free).fetch_one(&self.readers).await?.try_get("pages")?;
            if pages == 0 {
                return Ok(());
            }
            self.execute(sqlx::query("PRAGMA incremental_vacuum(1000)")).await?;
            let left: i64 = sqlx::query(free).fetch_one(&self.readers).await?.try_get("pages")?;
            // A file that was made without it stays as large as it is.
            if left >= pages || pages <= PAGES_AT_ONCE {
                return Ok(());
            }
        }
    }
}
