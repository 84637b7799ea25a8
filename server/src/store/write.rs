//! Runs every write in a task of its own, which goes on to its end also when nobody waits for it any longer.
//!
//! A client that hangs up drops the future of its request wherever that stands. Dropped while `BEGIN` is on its way, a
//! connection is in a transaction of which sqlx 0.9.0 knows nothing: what is written on it later is answered as done and
//! never committed (transact-rs/sqlx #4385, #4393). So no write is ever dropped half way, and a connection goes back to its
//! pool only when its transaction has ended.

use super::{Store, StoreError, database::SQLITE_SYNCED};
use futures::future::BoxFuture;
use sqlx::{Any, AnyConnection, Connection, any::AnyArguments, pool::PoolConnection, query::Query};

/// What one transaction does with its input. It may be done again from the start.
pub(super) type Work<I, T> = for<'w> fn(&'w mut AnyConnection, &'w I) -> BoxFuture<'w, Result<T, StoreError>>;

/// How often a transaction is begun that PostgreSQL gives up for another's sake.
const TRIES: u32 = 3;

/// What a transaction waits for before it is answered as done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lasts {
    /// The disk: what was answered survives a power cut.
    Always,
    /// Nothing: a power cut may take the last of these away. Rows that many requests change are free for the next one at once.
    UnlessPowerFails,
}

/// Lets a connection to SQLite wait for the disk no longer.
const SQLITE_UNSYNCED: &str = "PRAGMA synchronous = NORMAL";
/// Begins such a transaction on SQLite. On PostgreSQL there are connections that never wait (`synchronous_commit`).
const SQLITE_BEGIN_UNSYNCED: &str = "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE";

impl Store {
    /// Does `work` within one transaction: all of it, or with an error nothing.
    pub(super) async fn write<I, T>(&self, input: I, work: Work<I, T>) -> Result<T, StoreError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let store = self.clone();
        to_its_end(async move { store.try_to(Lasts::Always, input, work).await }).await
    }

    /// The same for counters, the last of which a power cut may take away.
    pub(super) async fn count<I, T>(&self, input: I, work: Work<I, T>) -> Result<T, StoreError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let store = self.clone();
        to_its_end(async move { store.try_to(Lasts::UnlessPowerFails, input, work).await }).await
    }

    async fn try_to<I, T>(&self, lasts: Lasts, input: I, work: Work<I, T>) -> Result<T, StoreError> {
        for _ in 1..TRIES {
            match self.transact(lasts, &input, work).await {
                Err(StoreError::Database(cause)) if is_given_up(&cause) => {}
                outcome => return outcome,
            }
        }
        self.transact(lasts, &input, work).await
    }

    async fn transact<I, T>(&self, lasts: Lasts, input: &I, work: Work<I, T>) -> Result<T, StoreError> {
        let pool = if lasts == Lasts::Always { &self.writers } else { &self.counters };
        let mut held = Held { connection: pool.acquire().await?, to_undo: 0 };
        if lasts == Lasts::Always || !self.is_sqlite() {
            return held.transact(self.begin, input, work).await;
        }
        held.to_undo += 1;
        let outcome = held.transact(SQLITE_BEGIN_UNSYNCED, input, work).await;
        held.sync_sqlite().await;
        outcome
    }

    /// Runs one statement by itself, as [`Store::count`] does.
    pub(super) async fn count_by(&self, statement: Query<'static, Any, AnyArguments>) -> Result<(), StoreError> {
        let store = self.clone();
        to_its_end(async move {
            if !store.is_sqlite() {
                statement.execute(&store.counters).await?;
                return Ok(());
            }
            let mut held = Held { connection: store.counters.acquire().await?, to_undo: 1 };
            sqlx::raw_sql(SQLITE_UNSYNCED).execute(&mut *held.connection).await?;
            let outcome = statement.execute(&mut *held.connection).await;
            held.sync_sqlite().await;
            outcome?;
            Ok(())
        })
        .await
    }

    /// Runs one statement by itself; returns how many rows it has changed.
    pub(super) async fn execute(&self, statement: Query<'static, Any, AnyArguments>) -> Result<u64, StoreError> {
        let writers = self.writers.clone();
        to_its_end(async move { Ok(statement.execute(&writers).await?.rows_affected()) }).await
    }
}

/// A writer's connection. It is closed instead of going back to its pool unless all is undone that was begun on it, however it
/// is dropped.
struct Held {
    connection: PoolConnection<Any>,
    to_undo: u32,
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.to_undo > 0 {
            self.connection.close_on_drop();
        }
    }
}

impl Held {
    async fn transact<I, T>(&mut self, begin: &'static str, input: &I, work: Work<I, T>) -> Result<T, StoreError> {
        self.to_undo += 1;
        let mut transaction = self.connection.begin_with(begin).await?;
        let outcome = work(&mut transaction, input).await;
        let ended = match outcome {
            Ok(_) => transaction.commit().await,
            Err(_) => transaction.rollback().await,
        };
        // Else the database may have ended it by itself, as SQLite does when the disk is full, and sqlx would not know.
        self.to_undo -= u32::from(ended.is_ok());
        let done = outcome?;
        ended?;
        Ok(done)
    }

    /// Lets the connection wait for the disk again.
    async fn sync_sqlite(&mut self) {
        let synced = sqlx::raw_sql(SQLITE_SYNCED).execute(&mut *self.connection).await;
        self.to_undo -= u32::from(synced.is_ok());
    }
}

/// Runs a write in a task of its own, whoever waits for it.
pub(super) async fn to_its_end<T: Send + 'static>(
    write: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(write).await.unwrap_or(Err(LOST))
}

/// The task has panicked, or the server has stopped.
const LOST: StoreError = StoreError::Database(sqlx::Error::WorkerCrashed);

/// Whether PostgreSQL has undone a transaction since it could not go on beside another (appendix A: `serialization_failure`,
/// `deadlock_detected`).
fn is_given_up(cause: &sqlx::Error) -> bool {
    cause.as_database_error().and_then(|answer| answer.code()).is_some_and(|code| code == "40001" || code == "40P01")
}

/// Settings of PostgreSQL for each connection of a pool. Should a transaction get lost all the same, the database ends it, and
/// lets go of what it has locked.
pub(super) const POSTGRES_WRITER: &str = "SET idle_in_transaction_session_timeout = '15s'";
/// The same for counters, whose commits do not wait for the disk (PostgreSQL 18 §28.4, asynchronous commit).
pub(super) const POSTGRES_COUNTER: &str =
    "SET idle_in_transaction_session_timeout = '15s'; SET synchronous_commit = off";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Counter, Rule};
    use sqlx::Row;

    #[tokio::test]
    async fn after_a_count_sqlite_waits_for_the_disk_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}", folder.path().join("test.db").display())).await.unwrap();
        let rule = Rule { free: 0, first_wait: 10, longest_wait: 10, memory: 100, lasting: None };
        let counters = [Counter { key: "key".to_owned(), rule }];
        let synchronous = async || -> i32 {
            sqlx::query("PRAGMA synchronous").fetch_one(&store.writers).await.unwrap().try_get(0).unwrap()
        };
        for counted in [true, false] {
            assert_eq!(store.count_attempt(&counters, 1).await.is_ok(), counted);
            assert_eq!(synchronous().await, 2, "FULL");
        }
        let lost: Result<(), _> = store.count((), |_, ()| Box::pin(async { panic!("on purpose") })).await;
        assert!(lost.is_err());
        assert_eq!(synchronous().await, 2, "FULL, however it ended");
        store.take_back(vec!["key".to_owned()]).await.unwrap();
        assert_eq!(synchronous().await, 2, "FULL");
    }
}
