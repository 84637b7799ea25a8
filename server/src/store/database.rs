//! The open database and its connections.

use super::{error::StoreError, session_reader::SessionReader};
use sqlx::AnyPool;

/// SQLite must take its write lock before it reads, or two writers deadlock (SQLite, "BEGIN IMMEDIATE").
pub(super) const SQLITE_BEGIN: &str = "BEGIN IMMEDIATE";

/// What was answered survives a power cut, not only a killed process.
pub(super) const SQLITE_SYNCED: &str = "PRAGMA synchronous = FULL";

/// The connections that are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// Those that nobody uses at this moment.
    pub idle: usize,
    /// Those in use.
    pub used: usize,
}

/// The open database; clones share its connections.
#[derive(Clone)]
pub struct Store {
    /// For statements that only read. Writers never take one of these, so that they never block readers.
    pub(super) readers: AnyPool,
    /// For statements that write. SQLite lets one connection write at a time: the others queue here in order.
    pub(super) writers: AnyPool,
    /// For statements that count, the last of which a power cut may take away. SQLite's writers.
    pub(super) counters: AnyPool,
    /// For the session of a request.
    pub(super) sessions: SessionReader,
    /// The statement by which a transaction begins.
    pub(super) begin: &'static str,
}

impl Store {
    /// Whether it is SQLite; else it is PostgreSQL.
    pub(super) fn is_sqlite(&self) -> bool {
        self.begin == SQLITE_BEGIN
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// How many connections are open at this moment.
    pub fn connections(&self) -> Connections {
        let (idle, all) = self.sessions.connections();
        let pools = [&self.readers, &self.writers].into_iter().chain((!self.is_sqlite()).then_some(&self.counters));
        let (idle, all) =
            pools.fold((idle, all), |(idle, all), pool| (idle + pool.num_idle(), all + pool.size() as usize));
        Connections { idle, used: all.saturating_sub(idle) }
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        self.sessions.close().await;
        self.writers.close().await;
        self.counters.close().await;
        self.readers.close().await;
    }
}
