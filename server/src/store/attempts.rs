//! The table `attempts`: failures counted for all servers at once.

use super::{Store, StoreError};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow};

/// How failures of one kind are answered. Times in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Failures that cost no wait.
    pub free: i64,
    /// The wait after the first failure beyond; each further one doubles it.
    pub first_wait: i64,
    /// The longest wait.
    pub longest_wait: i64,
    /// Failures are forgotten after this long without another.
    pub memory: i64,
    /// A further limit, for secrets that may be guessed at for months.
    pub lasting: Option<Lasting>,
}

/// The limit for failures that never stop coming (NIST SP 800-63B-4 §3.2.2). Times in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasting {
    /// One failure is forgotten for each time this long that passes without another; all of them after twice as long for each
    /// there was, if that is sooner than otherwise.
    pub forget_one_each: i64,
    /// The failures since the last success past which each further one waits for `then_wait`.
    pub most: i64,
    /// The wait after each further one.
    pub then_wait: i64,
}

impl Rule {
    /// The wait after `failures` that are remembered, and `total` failures since the last success.
    fn wait(self, failures: i64, total: i64) -> i64 {
        if let Some(lasting) = self.lasting.filter(|lasting| total > lasting.most) {
            return lasting.then_wait;
        }
        let beyond = failures - self.free;
        if beyond <= 0 {
            return 0;
        }
        let doubled = u32::try_from(beyond - 1).ok().and_then(|times| self.first_wait.checked_mul(1 << times.min(40)));
        doubled.unwrap_or(i64::MAX).min(self.longest_wait)
    }

    /// How long `total` failures are remembered.
    fn memory(self, total: i64) -> i64 {
        let lasting = self.lasting.map(|lasting| lasting.forget_one_each.saturating_mul(2).saturating_mul(total));
        lasting.map_or(self.memory, |lasting| lasting.min(self.memory))
    }

    /// The seconds left of a wait. One that is longer than any was written by a clock that was ahead, and does not count.
    fn left(self, blocked_until: i64, now: i64) -> Option<i64> {
        let longest = self.lasting.map_or(0, |lasting| lasting.then_wait).max(self.longest_wait);
        Some(blocked_until - now).filter(|left| (1..=longest).contains(left))
    }
}

/// A counter of failures.
#[derive(Clone, Debug)]
pub struct Counter {
    /// The hash of what is counted.
    pub key: String,
    /// How failures are answered.
    pub rule: Rule,
}

impl Store {
    /// Counts an attempt as failed before it is made, so that attempts at once cannot all slip through; one that
    /// succeeds is taken back afterwards. Counters come in one order everywhere, or two attempts could lock each other out.
    ///
    /// # Errors
    /// [`StoreError::Blocked`] with the seconds to wait: then nothing is counted.
    pub async fn count_attempt(&self, counters: &[Counter], now: i64) -> Result<(), StoreError> {
        let kept = self.kept(counters.iter().map(|counter| counter.key.as_str())).await?;
        self.count_unless_blocked(counters.to_vec(), &kept, now).await
    }

    /// Counts an attempt on an account likewise: by `strangers` as well where the key `known` is not remembered. One query finds
    /// all of it.
    ///
    /// # Errors
    /// As [`Store::count_attempt`].
    pub async fn count_guess(
        &self,
        mut counters: Vec<Counter>,
        strangers: Counter,
        known: &str,
        now: i64,
    ) -> Result<Guess, StoreError> {
        let keys = counters.iter().chain([&strangers]).map(|counter| counter.key.as_str()).chain([known]);
        let kept = self.kept(keys).await?;
        let find = |key: &str| kept.iter().find(|kept| kept.key == key);
        let known_until = find(known).map(|known| known.forget_at).filter(|until| *until > now);
        let guess = Guess { known_until, by_strangers: known_until.is_none() || find(&strangers.key).is_some() };
        if known_until.is_none() {
            counters.push(strangers);
        }
        self.count_unless_blocked(counters, &kept, now).await?;
        Ok(guess)
    }

    /// The rows of these keys, [`MOST_KEYS`] at most.
    async fn kept<'a>(&self, mut keys: impl Iterator<Item = &'a str>) -> Result<Vec<Kept>, StoreError> {
        let kept = "SELECT key, blocked_until, forget_at FROM attempts WHERE key IN ($1, $2, $3, $4, $5, $6)";
        let kept = (0..MOST_KEYS).fold(sqlx::query(kept), |query, _| query.bind(keys.next()));
        let rows = kept.fetch_all(&self.readers).await?;
        let kept = |row: &AnyRow| {
            Ok(Kept {
                key: row.try_get("key")?,
                blocked_until: row.try_get("blocked_until")?,
                forget_at: row.try_get("forget_at")?,
            })
        };
        Ok(rows.iter().map(kept).collect::<Result<_, sqlx::Error>>()?)
    }

    /// Reading comes first: a flood of attempts that must wait anyway does not keep writers from their work.
    async fn count_unless_blocked(&self, counters: Vec<Counter>, kept: &[Kept], now: i64) -> Result<(), StoreError> {
        let left =
            |kept: &Kept| counters.iter().find(|counter| counter.key == kept.key)?.rule.left(kept.blocked_until, now);
        if let Some(longest) = kept.iter().filter_map(left).max() {
            return Err(StoreError::Blocked(longest));
        }
        self.count((counters, now), |work, (counters, now)| {
            Box::pin(async move {
                for alike in counters.chunk_by(|one, next| one.rule.lasting == next.rule.lasting) {
                    count_failures(work, alike, *now).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Takes an attempt that succeeded back, where its success writes nothing else.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reset_attempt(&self, attempt_reset: AttemptReset) -> Result<(), StoreError> {
        self.write(attempt_reset, |work, attempt_reset| Box::pin(reset_attempts(work, attempt_reset))).await
    }

    /// Deletes at most `most` rows that no longer count; returns how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_old_attempts(&self, now: i64, most: i64) -> Result<u64, StoreError> {
        let delete = sqlx::query(
            "DELETE FROM attempts WHERE key IN (SELECT key FROM attempts WHERE forget_at <= $1 ORDER BY forget_at LIMIT $2)",
        );
        self.execute(delete.bind(now).bind(most)).await
    }
}

/// Most keys of one attempt: three widths of an IPv6 network, the pair, the account, and whether that knows the address.
const MOST_KEYS: usize = 6;

/// A row as it was before an attempt.
struct Kept {
    key: String,
    blocked_until: i64,
    forget_at: i64,
}

/// What was found when an attempt on an account was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// Until when the account knows the address, where it does.
    pub known_until: Option<i64>,
    /// Whether attempts of strangers are counted, this one among them where it is one.
    pub by_strangers: bool,
}

/// Counts a failure by each of these, which forget alike, and settles the waits after it.
async fn count_failures(work: &mut AnyConnection, counters: &[Counter], now: i64) -> Result<(), StoreError> {
    let each = counters.first().and_then(|counter| counter.rule.lasting).map(|lasting| lasting.forget_one_each);
    let rows: Vec<_> =
        (0..counters.len()).map(|row| format!("(${}, 1, 1, 0, ${}, $1)", 2 * row + 3, 2 * row + 4)).collect();
    let count = format!(
        "INSERT INTO attempts (key, failures, total, blocked_until, forget_at, counted_at) VALUES {rows} \
         ON CONFLICT (key) DO UPDATE SET \
         failures = 1 + CASE WHEN attempts.forget_at <= $1 OR attempts.failures <= ($1 - attempts.counted_at) / $2 THEN 0 \
         WHEN attempts.counted_at >= $1 THEN attempts.failures \
         ELSE attempts.failures - ($1 - attempts.counted_at) / $2 END, \
         total = 1 + CASE WHEN attempts.forget_at <= $1 THEN 0 ELSE attempts.total END, \
         blocked_until = CASE WHEN attempts.forget_at <= $1 OR attempts.blocked_until <= $1 THEN 0 \
         ELSE attempts.blocked_until END, \
         forget_at = excluded.forget_at, counted_at = $1 RETURNING key, failures, total, blocked_until",
        rows = rows.join(", ")
    );
    let count = sqlx::query(AssertSqlSafe(count)).bind(now).bind(each.unwrap_or(i64::MAX));
    let count = counters.iter().fold(count, |query, Counter { key, rule }| {
        // After the first one, as most are.
        query.bind(key.as_str()).bind(now + rule.memory(1))
    });
    for row in count.fetch_all(&mut *work).await? {
        let (key, blocked_until): (String, i64) = (row.try_get("key")?, row.try_get("blocked_until")?);
        let Some(Counter { key, rule }) = counters.iter().find(|counter| counter.key == key) else { continue };
        if let Some(left) = rule.left(blocked_until, now) {
            return Err(StoreError::Blocked(left));
        }
        let total = row.try_get("total")?;
        let (wait, memory) = (rule.wait(row.try_get("failures")?, total), rule.memory(total));
        if wait > 0 || blocked_until > 0 || memory != rule.memory(1) {
            sqlx::query("UPDATE attempts SET blocked_until = $2, forget_at = $3 WHERE key = $1")
                .bind(key.as_str())
                .bind(if wait > 0 { now + wait } else { 0 })
                .bind(now + memory)
                .execute(&mut *work)
                .await?;
        }
    }
    Ok(())
}

/// What a success does to the counted failures.
#[derive(Clone, Debug, Default)]
pub struct AttemptReset {
    /// Counters that lose this one failure. Others have them too: everybody behind one address.
    pub take_back: Vec<String>,
    /// Counters that begin anew.
    pub forget: Vec<String>,
    /// A key to remember, and until when.
    pub remember: Option<(String, i64)>,
}

impl Store {
    /// Takes failures back that were none. By itself: within the transaction of what succeeded, all others behind that address
    /// would wait until the disk has it.
    pub(super) async fn take_back(&self, counters: Vec<String>) -> Result<(), StoreError> {
        for key in counters {
            let take_back =
                "UPDATE attempts SET failures = failures - 1, blocked_until = 0 WHERE key = $1 AND failures > 0";
            self.count_by(sqlx::query(take_back).bind(key)).await?;
        }
        Ok(())
    }
}

/// Does the rest within the transaction of what succeeded.
pub(super) async fn reset_attempts(work: &mut AnyConnection, attempt_reset: &AttemptReset) -> Result<(), StoreError> {
    for key in &attempt_reset.forget {
        sqlx::query("DELETE FROM attempts WHERE key = $1").bind(key.as_str()).execute(&mut *work).await?;
    }
    if let Some((key, until)) = &attempt_reset.remember {
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
        let rule = Rule { free: 5, first_wait: 1, longest_wait: 900, memory: 3_600, lasting: None };
        let waits = [0, 5, 6, 7, 8, 15, 16, 17, 100, i64::MAX].map(|failures| rule.wait(failures, failures));
        assert_eq!(waits, [0, 0, 1, 2, 4, 512, 900, 900, 900, 900]);
    }

    #[test]
    fn past_a_total_each_further_failure_waits_for_long_however_few_are_remembered() {
        let lasting = Some(Lasting { forget_one_each: 86_400, most: 100, then_wait: 86_400 });
        let rule = Rule { free: 50, first_wait: 1, longest_wait: 3_600, memory: 90 * 86_400, lasting };
        assert_eq!((rule.wait(10, 100), rule.wait(1, 101), rule.wait(90, 101)), (0, 86_400, 86_400));
    }

    #[test]
    fn a_wait_that_a_clock_ahead_has_written_does_not_count() {
        let rule = Rule { free: 5, first_wait: 1, longest_wait: 900, memory: 3_600, lasting: None };
        assert_eq!((rule.left(900, 0), rule.left(901, 0), rule.left(0, 0)), (Some(900), None, None));
    }
}
