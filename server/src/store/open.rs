//! Opens the database: for a server, which makes what is missing and migrates it.

use super::{
    database::{SQLITE_BEGIN, SQLITE_SYNCED, Store},
    error::StoreError,
    pool::pool_options,
    session_reader::SessionReader,
    write::{POSTGRES_COUNTER, POSTGRES_WRITER},
};
use sqlx::{
    ConnectOptions as _,
    any::{AnyConnectOptions, AnyPoolOptions},
    migrate::Migrator,
};
use std::{fs::OpenOptions, io::ErrorKind, os::unix::fs::OpenOptionsExt, path::Path};

pub(super) static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub(super) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

impl Store {
    /// Opens the database, making the SQLite file and its folder where they are missing, and migrates it.
    ///
    /// # Errors
    /// [`StoreError`], with the cause as its source.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let (store, migrator) = if is_sqlite(url)? {
            (Self::open_sqlite(url).await?, &SQLITE)
        } else {
            (Self::open_postgres(url).await?, &POSTGRES)
        };
        migrator.run(&store.writers).await?;
        store.settle_vacuum().await?;
        Ok(store)
    }

    async fn open_sqlite(url: &str) -> Result<Self, StoreError> {
        let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
        let file = path.split('?').next().unwrap_or_default();
        if let Some(folder) = Path::new(file).parent() {
            std::fs::create_dir_all(folder).map_err(StoreError::Folder)?;
        }
        // Only the owner may read the file, whatever the umask says. SQLite gives the files beside it the same mode.
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(StoreError::File(error)),
        }
        Self::connect_sqlite(url, "rwc").await
    }

    /// The URL with SQLite's way to open the file: `rw`, or `rwc` to make it.
    pub(super) fn sqlite_url(url: &str, mode: &str) -> String {
        let separator = if url.contains('?') { '&' } else { '?' };
        format!("{url}{separator}mode={mode}")
    }

    pub(super) async fn connect_sqlite(url: &str, mode: &str) -> Result<Self, StoreError> {
        let options = connect_options(&Self::sqlite_url(url, mode))?;
        let writers = sqlite_pool_options(1).connect_with(options.clone()).await?;
        let readers = sqlite_pool_options(8).connect_with(options).await?;
        let counters = writers.clone();
        Ok(Self { readers, writers, counters, sessions: SessionReader::sqlite(url)?, begin: SQLITE_BEGIN })
    }

    pub(super) async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options = connect_options(url)?;
        let writers = postgres_pool_options(8, POSTGRES_WRITER).connect_with(options.clone()).await?;
        let counters = postgres_pool_options(4, POSTGRES_COUNTER).connect_with(options.clone()).await?;
        let readers = pool_options(6).connect_with(options).await?;
        Ok(Self { readers, writers, counters, sessions: SessionReader::postgres(url).await?, begin: "BEGIN" })
    }
}

fn postgres_pool_options(connections: u32, settings: &'static str) -> AnyPoolOptions {
    pool_options(connections).after_connect(move |connection, _| {
        Box::pin(async move { sqlx::raw_sql(settings).execute(connection).await.map(drop) })
    })
}

fn sqlite_pool_options(connections: u32) -> AnyPoolOptions {
    pool_options(connections).after_connect(|connection, _| {
        Box::pin(async move {
            // INCREMENTAL: the space of what is deleted can be given back. It counts for a new file alone, so it comes first.
            let settings = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; \
                            PRAGMA busy_timeout = 5000;";
            sqlx::raw_sql(settings).execute(&mut *connection).await?;
            sqlx::raw_sql(SQLITE_SYNCED).execute(connection).await.map(drop)
        })
    })
}

/// Whether a URL names SQLite; else it names PostgreSQL.
pub(super) fn is_sqlite(url: &str) -> Result<bool, StoreError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(true),
        Some("postgres" | "postgresql") => Ok(false),
        _ => Err(StoreError::UnknownUrl),
    }
}

pub(super) fn connect_options(url: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    Ok(url.parse::<AnyConnectOptions>()?.disable_statement_logging())
}
