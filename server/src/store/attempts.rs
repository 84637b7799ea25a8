//! The table `attempts`: failures counted for all servers at once.

use super::{Store, StoreError};
use sqlx::{AnyConnection, Row};

/// How failures of one kind are answered. Times in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// So many failures cost nothing but themselves.
    pub free: i64,
    /// The wait after the first failure beyond; each further one doubles it.
    pub first_wait: i64,
    /// No wait is longer.
    pub longest_wait: i64,
    /// Failures are forgotten after this long without another.
    pub memory: i64,
}

impl Rule {
    /// The wait after so many failures.
    fn wait(self, failures: i64) -> i64 {
        let beyond = failures - self.free;
        if beyond <= 0 {
            return 0;
        }
        let doubled = u32::try_from(beyond - 1).ok().and_then(|times| self.first_wait.checked_mul(1 << times.min(40)));
        doubled.unwrap_or(i64::MAX).min(self.longest_wait)
    }
}

/// Something whose failures are counted.
#[derive(Clone, Debug)]
pub struct Counter {
    /// What is counted, hashed.
    pub key: String,
    /// How.
    pub rule: Rule,
}

impl Store {
    /// Whether a key is remembered.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn is_remembered(&self, key: &str, now: i64) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM attempts WHERE key = $1 AND forget_at > $2")
            .bind(key)
            .bind(now)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.is_some())
    }

    /// Counts an attempt as failed before it is made, so that attempts at once cannot all slip through; one that
    /// succeeds is forgiven afterwards. Counters come in one order everywhere, or two attempts could lock each other out.
    ///
    /// # Errors
    /// [`StoreError::Blocked`] with the seconds to wait: then nothing is counted.
    pub async fn count_attempt(&self, counters: &[Counter], now: i64) -> Result<(), StoreError> {
        // A glance first: a flood of attempts that must wait anyway does not keep writers from their work.
        let keys = [0, 1, 2].map(|index| counters.get(index).map(|counter| counter.key.as_str()));
        let row = sqlx::query(
            "SELECT MAX(blocked_until) AS latest FROM attempts WHERE key IN ($1, $2, $3) AND forget_at > $4",
        )
        .bind(keys[0])
        .bind(keys[1])
        .bind(keys[2])
        .bind(now)
        .fetch_one(&self.readers)
        .await?;
        if let Some(blocked_until) = row.try_get::<Option<i64>, _>("latest")?.filter(|latest| *latest > now) {
            return Err(StoreError::Blocked(blocked_until - now));
        }
        let mut work = self.writers.begin_with(self.begin).await?;
        for counter in counters {
            let row = sqlx::query(
                "INSERT INTO attempts (key, failures, blocked_until, forget_at) VALUES ($1, 1, 0, $3) \
                 ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN attempts.forget_at <= $2 THEN 1 ELSE attempts.failures + 1 END, \
                 blocked_until = CASE WHEN attempts.forget_at <= $2 THEN 0 ELSE attempts.blocked_until END, forget_at = $3 \
                 RETURNING failures, blocked_until",
            )
            .bind(counter.key.as_str())
            .bind(now)
            .bind(now + counter.rule.memory)
            .fetch_one(&mut *work)
            .await?;
            let blocked_until: i64 = row.try_get("blocked_until")?;
            if blocked_until > now {
                work.rollback().await?;
                return Err(StoreError::Blocked(blocked_until - now));
            }
            let wait = counter.rule.wait(row.try_get("failures")?);
            if wait > 0 {
                sqlx::query("UPDATE attempts SET blocked_until = $2 WHERE key = $1")
                    .bind(counter.key.as_str())
                    .bind(now + wait)
                    .execute(&mut *work)
                    .await?;
            }
        }
        work.commit().await?;
        Ok(())
    }

    /// Deletes at most `most` rows that no longer count; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_old_attempts(&self, now: i64, most: i64) -> Result<u64, StoreError> {
        let deleted = sqlx::query(
            "DELETE FROM attempts WHERE key IN (SELECT key FROM attempts WHERE forget_at <= $1 ORDER BY forget_at LIMIT $2)",
        )
        .bind(now)
        .bind(most)
        .execute(&self.writers)
        .await?;
        Ok(deleted.rows_affected())
    }
}

/// What a success does to its counters.
#[derive(Clone, Debug, Default)]
pub struct Forgiveness {
    /// Counters that lose this one failure.
    pub take_back: Vec<String>,
    /// Counters that begin anew.
    pub forget: Vec<String>,
    /// A key to remember, and until when.
    pub remember: Option<(String, i64)>,
}

/// Within the transaction of what succeeded.
pub(super) async fn forgive(work: &mut AnyConnection, forgiveness: &Forgiveness) -> Result<(), StoreError> {
    for key in &forgiveness.take_back {
        sqlx::query("UPDATE attempts SET failures = failures - 1, blocked_until = 0 WHERE key = $1 AND failures > 0")
            .bind(key.as_str())
            .execute(&mut *work)
            .await?;
    }
    for key in &forgiveness.forget {
        sqlx::query("DELETE FROM attempts WHERE key = $1").bind(key.as_str()).execute(&mut *work).await?;
    }
    if let Some((key, until)) = &forgiveness.remember {
        sqlx::query(
            "INSERT INTO attempts (key, failures, blocked_until, forget_at) VALUES ($1, 0, 0, $2) \
             ON CONFLICT (key) DO UPDATE SET forget_at = excluded.forget_at",
        )
        .bind(key.as_str())
        .bind(until)
        .execute(&mut *work)
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_its_longest() {
        let rule = Rule { free: 5, first_wait: 1, longest_wait: 900, memory: 3_600 };
        let waits = [0, 5, 6, 7, 8, 15, 16, 17, 100, i64::MAX].map(|failures| rule.wait(failures));
        assert_eq!(waits, [0, 0, 1, 2, 4, 512, 900, 900, 900, 900]);
    }
}
