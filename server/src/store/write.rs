//! Runs every write in a task of its own, which goes on to its end also when nobody waits for it any longer.
//!
//! A client that hangs up drops the future of its request wherever that stands. Dropped while `BEGIN` is on its way, a
//! connection is in a transaction of which sqlx 0.9.0 knows nothing: what is written on it later is answered as done and
//! never committed (transact-rs/sqlx #4385, #4393). So no write is ever dropped half way, and a writer's connection that is
//! still in a transaction does not go back to its pool.

use super::{Store, StoreError};
use futures::future::BoxFuture;
use sqlx::{
    Any, AnyConnection, Connection, Row,
    any::{AnyArguments, AnyPoolOptions},
    query::Query,
};

/// What one transaction does with its input. It may be done again from the start.
pub(super) type Work<I, T> = for<'w> fn(&'w mut AnyConnection, &'w I) -> BoxFuture<'w, Result<T, StoreError>>;

/// How often a transaction is begun that PostgreSQL gives up for another's sake.
const TRIES: u32 = 3;

impl Store {
    /// Does `work` within one transaction: all of it, or with an error nothing.
    pub(super) async fn write<I, T>(&self, input: I, work: Work<I, T>) -> Result<T, StoreError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let store = self.clone();
        let task = tokio::spawn(async move {
            for _ in 1..TRIES {
                match store.transact(&input, work).await {
                    Err(StoreError::Database(cause)) if is_given_up(&cause) => {}
                    outcome => return outcome,
                }
            }
            store.transact(&input, work).await
        });
        task.await.unwrap_or(Err(LOST))
    }

    async fn transact<I, T>(&self, input: &I, work: Work<I, T>) -> Result<T, StoreError> {
        let mut connection = self.writers.acquire().await?;
        let mut transaction = connection.begin_with(self.begin).await?;
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

    /// Runs one statement by itself; returns how many rows it has changed.
    pub(super) async fn execute(&self, statement: Query<'static, Any, AnyArguments>) -> Result<u64, StoreError> {
        let writers = self.writers.clone();
        let task = tokio::spawn(async move { Ok(statement.execute(&writers).await?.rows_affected()) });
        task.await.unwrap_or(Err(LOST))
    }
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
