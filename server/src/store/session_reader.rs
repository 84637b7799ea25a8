//! The one query of a guarded request, by the shortest way to each database; all other statements go through the pools.
//!
//! SQLite is read in place, on the thread that asks: sqlx hands a statement to a thread of its own and waits for the answer,
//! which costs more than the query. A page that is not in memory keeps that thread from others while it is read, as short as
//! a disk takes. PostgreSQL has a typed pool, since `Any` copies each column.

use super::pool::pool_options;
use app::sessions::SessionId;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use sqlx::{ConnectOptions as _, PgPool, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The columns of the query that finds a session, in their order.
pub(super) type SessionRow =
    (Vec<u8>, Vec<u8>, Option<i64>, Option<String>, Option<i64>, i64, i64, i64, i64, i64, i64, i64, String, String);

/// Connections of a PostgreSQL pool: as many queries run at once.
const CONNECTIONS: u32 = 16;

/// Finds sessions.
#[derive(Clone)]
pub(super) enum SessionReader {
    Sqlite(InPlace),
    Postgres(PgPool),
}

impl SessionReader {
    /// For a SQLite file that is open already.
    pub fn sqlite(url: &str) -> Result<Self, sqlx::Error> {
        let options = url.parse::<SqliteConnectOptions>()?;
        Ok(Self::Sqlite(InPlace::new(options.get_filename().to_owned())))
    }

    /// For a PostgreSQL database.
    pub async fn postgres(url: &str) -> Result<Self, sqlx::Error> {
        let options = url.parse::<PgConnectOptions>()?.disable_statement_logging();
        Ok(Self::Postgres(pool_options(CONNECTIONS).connect_with(options).await?))
    }

    /// The session of this id that has not ended at `now`, in UTC seconds, by the query for it. `None` where it cannot be told here: then a pool of
    /// the store is to be asked, which waits for a database that is busy.
    pub async fn find(
        &self,
        query: &'static str,
        id: SessionId,
        now: i64,
    ) -> Option<Result<Option<SessionRow>, sqlx::Error>> {
        match self {
            Self::Sqlite(files) => files.find(query, id, now).map(Ok),
            Self::Postgres(pool) => {
                Some(sqlx::query_as(query).bind(id.0.as_slice()).bind(now).fetch_optional(pool).await)
            }
        }
    }

    /// Connections that are open: those that nobody uses, and all.
    pub fn connections(&self) -> (usize, usize) {
        match self {
            Self::Sqlite(files) => (files.idle(), files.idle()),
            Self::Postgres(pool) => (pool.num_idle(), pool.size() as usize),
        }
    }

    /// Closes all connections; nothing is found here any more.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(files) => files.close(),
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Connections to a SQLite file that only read, each used by one thread at a time: there are as many as threads.
#[derive(Clone)]
pub(super) struct InPlace {
    file: PathBuf,
    /// `None` once they are closed.
    idle: Arc<Mutex<Option<Vec<Connection>>>>,
}

impl InPlace {
    fn new(file: PathBuf) -> Self {
        Self { file, idle: Arc::new(Mutex::new(Some(Vec::new()))) }
    }

    fn find(&self, query: &str, id: SessionId, now: i64) -> Option<Option<SessionRow>> {
        let connection = match self.with_idle(Vec::pop)? {
            Some(connection) => connection,
            None => self.connect().inspect_err(|cause| tracing::debug!(%cause, "SQLite is not read in place")).ok()?,
        };
        // One that fails is not used again.
        let found = find(&connection, query, id, now)
            .inspect_err(|cause| tracing::debug!(%cause, "SQLite was not read in place"));
        let found = found.ok()?;
        self.with_idle(|idle| idle.push(connection));
        Some(found)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        Connection::open_with_flags(&self.file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .and_then(|connection| connection.busy_timeout(Duration::ZERO).map(|()| connection))
    }

    fn with_idle<T>(&self, work: impl FnOnce(&mut Vec<Connection>) -> T) -> Option<T> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(work)
    }

    fn idle(&self) -> usize {
        self.with_idle(|idle| idle.len()).unwrap_or_default()
    }

    fn close(&self) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn find(connection: &Connection, query: &str, id: SessionId, now: i64) -> rusqlite::Result<Option<SessionRow>> {
    let mut query = connection.prepare_cached(query)?;
    query.query_row((id.0.as_slice(), now), |row| SessionRow::try_from(row)).optional()
}
