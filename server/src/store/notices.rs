//! What the servers on one PostgreSQL tell each other (`NOTIFY`, `LISTEN`). SQLite has one server only.

use super::StoreError;
use sqlx::{
    ConnectOptions as _, PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use std::time::Duration;

/// One channel in each database.
const CHANNEL: &str = "storage_lab";

/// Tells the other servers. `Any`, through which the rest goes, knows nothing of it, so these are connections of its own.
#[derive(Clone)]
pub struct Notices(PgPool);

/// Hears what any server tells, this one too.
pub struct Ear(PgListener);

impl Notices {
    /// For a database that has other servers; `None` for SQLite.
    ///
    /// # Errors
    /// [`StoreError::Database`] for a URL that cannot be read.
    pub fn of(url: &str) -> Result<Option<Self>, StoreError> {
        if !url.starts_with("postgres") {
            return Ok(None);
        }
        let options = url.parse::<PgConnectOptions>()?.disable_statement_logging();
        let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(Duration::from_secs(5));
        Ok(Some(Self(pool.connect_lazy_with(options))))
    }

    /// Tells every server that listens.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tell(&self, notice: &str) -> Result<(), StoreError> {
        sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(notice).execute(&self.0).await?;
        Ok(())
    }

    /// Begins to listen.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn listen(&self) -> Result<Ear, StoreError> {
        let mut listener = PgListener::connect_with(&self.0).await?;
        listener.listen(CHANNEL).await?;
        Ok(Ear(listener))
    }
}

impl Ear {
    /// Waits for the next notice; `None` when the connection was lost and is there again, so that some may be missed.
    ///
    /// # Errors
    /// [`StoreError::Database`]: nothing is heard any more.
    pub async fn next(&mut self) -> Result<Option<String>, StoreError> {
        Ok(self.0.try_recv().await?.map(|notice| notice.payload().to_owned()))
    }
}
