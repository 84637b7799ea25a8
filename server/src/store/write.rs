//! Runs every write in a task of its own, which goes on to its end also when nobody waits for it any longer.
//!
//! A client that hangs up drops the future of its request wherever that stands. Dropped while `BEGIN` is on its way, a
//! connection is in a transaction of which sqlx 0.9.0 knows nothing: what is written on it later is answered as done and
//! never committed (transact-rs/sqlx #4385, #4393). So no write is ever dropped half way, and a writer's connection that is
//! still in a transaction does not go back to its pool.

use super::{Store, StoreError, database::SQLITE_SYNCED};
use futures::future::BoxFuture;
use sqlx::{
    Any, AnyConnection, Connection, Row,
    any::{AnyArguments, AnyPoolOptions},
    pool::PoolConnection,
    query::Query,
};

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

/// Begins such a transaction on PostgreSQL (PostgreSQL 18 §28.4, asynchronous commit).
const BEGIN_UNSYNCED: &str = "BEGIN; SET LOCAL synchronous_commit = off";

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
        let mut connection = self.writers.acquire().await?;
        match (lasts, self.is_sqlite()) {
            (Lasts::Always, _) => transact_on(&mut connection, self.begin, input, work).await,
            (Lasts::UnlessPowerFails, false) => transact_on(&mut connection, BEGIN_UNSYNCED, input, work).await,
            (Lasts::UnlessPowerFails, true) => {
                sqlx::raw_sql("PRAGMA synchronous = NORMAL").execute(&mut *connection).await?;
                let outcome = transact_on(&mut connection, self.begin, input, work).await;
                if sqlx::raw_sql(SQLITE_SYNCED).execute(&mut *connection).await.is_err() {
                    connection.close_on_drop();
                }
                outcome
            }
        }
    }

    /// Runs one statement by itself; returns how many rows it has changed.
    pub(super) async fn execute(&self, statement: Query<'static, Any, AnyArguments>) -> Result<u64, StoreError> {
        let writers = self.writers.clone();
        to_its_end(async move { Ok(statement.execute(&writers).await?.rows_affected()) }).await
    }
}

async fn transact_on<I, T>(
    connection: &mut PoolConnection<Any>,
    begin: &'static str,
    input: &I,
    work: Work<I, T>,
) -> Result<T, StoreError> {
    let mut transaction = connection.begin_with(begin).await?;
    let outcome = work(&mut transaction, input).await;
    let ended = match outcome {
        Ok(_) => transaction.commit().await,
        Err(_) => transaction.rollback().await,
    };
    if ended.is_err() {
        // The database may have ended it by itself, as SQLite does when the disk is full, and sqlx would not know.
        connection.close_on_drop();
    }
    let done = outcome?;
    ended?;
    Ok(done)
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

/// Lets no connection back into a PostgreSQL pool that is still in a transaction. Outside of one, a statement begins when its
/// transaction does.
pub(super) fn without_open_transactions(options: AnyPoolOptions) -> AnyPoolOptions {
    options
        .after_connect(|connection, _| {
            Box::pin(async move {
                // Should one get lost all the same: the database ends it, and lets go of what it has locked.
                let limit = "SET idle_in_transaction_session_timeout = '15s'";
                sqlx::raw_sql(limit).execute(connection).await.map(|_| ())
            })
        })
        .after_release(|connection, _| {
            Box::pin(async move {
                let open = sqlx::query("SELECT now() <> statement_timestamp() AS open").fetch_one(connection).await?;
                let open = open.try_get("open")?;
                if open {
                    tracing::warn!("a connection that was still in a transaction is closed");
                }
                Ok(!open)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Counter, Rule};

    #[tokio::test]
    async fn after_a_count_sqlite_waits_for_the_disk_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}", folder.path().join("test.db").display())).await.unwrap();
        let rule = Rule { free: 0, first_wait: 10, longest_wait: 10, memory: 100, lasting: None };
        let counters = [Counter { key: "key".to_owned(), rule }];
        for counted in [true, false] {
            assert_eq!(store.count_attempt(&counters, 1).await.is_ok(), counted);
            let synchronous: i32 =
                sqlx::query("PRAGMA synchronous").fetch_one(&store.writers).await.unwrap().try_get(0).unwrap();
            assert_eq!(synchronous, 2, "FULL");
        }
    }
}
