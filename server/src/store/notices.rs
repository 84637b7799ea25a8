//! Notifications between the servers on one PostgreSQL (`NOTIFY`, `LISTEN`).

use super::StoreError;
use sqlx::{
    ConnectOptions as _, PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use std::time::Duration;

/// One channel in each database.
const CHANNEL: &str = "storage_lab";

/// Sends notices. sqlx's `Any` driver, through which everything else goes, has no notifications: these are connections of
/// their own.
#[derive(Clone)]
pub struct Notices(PgPool);

/// Receives the notices of every server, this one included.
pub struct NotificationListener(PgListener);

impl Notices {
    /// The notices of a PostgreSQL database; `None` for SQLite, which has one server only.
    ///
    /// # Errors
    /// [`StoreError::Database`] for a URL that cannot be read.
    pub fn of(url: &str) -> Result<Option<Self>, StoreError> {
        if !url.starts_with("postgres") {
            return Ok(None);
        }
        let options = url.parse::<PgConnectOptions>()?.disable_statement_logging();
        let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(Duration::from_secs(5));
        let pool = pool.after_connect(|connection, _| {
            // A notice is no row, yet PostgreSQL would let it wait for the disk.
            let unsynced = sqlx::raw_sql("SET synchronous_commit = off");
            Box::pin(async move { unsynced.execute(connection).await.map(drop) })
        });
        Ok(Some(Self(pool.connect_lazy_with(options))))
    }

    /// Sends a notice to every server that listens.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tell(&self, notice: &str) -> Result<(), StoreError> {
        sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(notice).execute(&self.0).await?;
        Ok(())
    }

    /// Begins to listen to the channel.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn listen(&self) -> Result<NotificationListener, StoreError> {
        let mut listener = PgListener::connect_with(&self.0).await?;
        listener.listen(CHANNEL).await?;
        Ok(NotificationListener(listener))
    }
}

impl NotificationListener {
    /// Waits for the next notice; `None` when the connection was lost and is open again, so that notices may be missed.
    ///
    /// # Errors
    /// [`StoreError::Database`]: the connection is lost.
    pub async fn next(&mut self) -> Result<Option<String>, StoreError> {
        Ok(self.0.try_recv().await?.map(|notice| notice.payload().to_owned()))
    }
}
