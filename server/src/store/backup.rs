//! Copies of an SQLite database: how one is made while servers use it, how it is checked, and how a database is held alone
//! while another takes its place.

use super::open::SQLITE;
use sqlx::{ConnectOptions as _, Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    ffi::OsString,
    path::{self, Path, PathBuf},
    time::Duration,
};

/// How long a statement waits for another process's lock.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// SQLite's result codes; what extends them stands in the higher bits (SQLite, "Result Codes").
const BUSY: i32 = 5;
const CORRUPT: i32 = 11;
const NOT_A_DATABASE: i32 = 26;

/// Why a database cannot be copied, or a file cannot take its place.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// No server has made its tables there.
    #[error("it holds no tables of Storage Lab")]
    NoSchema,
    /// A server of a later version has made its tables.
    #[error("its schema has version {found}, and this program works with version {known} and earlier ones")]
    Newer {
        /// The version of its latest migration.
        found: i64,
        /// The latest version that this program has.
        known: i64,
    },
    /// A migration is not the one that this program has under that number, or it failed half way.
    #[error("its migration {0} is not this program's")]
    OtherMigration(i64),
    /// SQLite finds faults in it.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// Another process has it open.
    #[error("a server or another program has it open")]
    InUse,
    /// SQLite takes paths in UTF-8 alone.
    #[error("its path is not UTF-8")]
    Path,
    /// Anything else.
    #[error("SQLite failed: {0}")]
    Sqlite(sqlx::Error),
}

impl From<sqlx::Error> for CopyError {
    fn from(error: sqlx::Error) -> Self {
        let sqlite = error.as_database_error();
        let code = sqlite.and_then(|answer| answer.code()).and_then(|code| code.parse::<i32>().ok());
        match (code.map(|code| code & 0xff), sqlite) {
            (Some(BUSY), _) => Self::InUse,
            (Some(CORRUPT | NOT_A_DATABASE), Some(answer)) => Self::Damaged(answer.message().to_owned()),
            _ => Self::Sqlite(error),
        }
    }
}

/// Writes a copy of the database into an empty file, as it is at one moment. Servers read and write meanwhile: the copy is one
/// transaction that reads.
///
/// # Errors
/// [`CopyError::Path`], [`CopyError::Damaged`], [`CopyError::Sqlite`], when the copy's disk is full for one.
pub async fn copy_database(from: &Path, into: &Path) -> Result<(), CopyError> {
    let into = into.to_str().ok_or(CopyError::Path)?;
    let mut connection = options(from).connect().await?;
    sqlx::query("VACUUM INTO $1").bind(into).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Checks a file that nobody else uses: it is whole, and made by migrations that this program has. Neither the file is changed,
/// nor does another come beside it.
///
/// # Errors
/// [`CopyError::Damaged`], [`CopyError::NoSchema`], [`CopyError::Newer`], [`CopyError::OtherMigration`], [`CopyError::Sqlite`].
pub async fn check_copy(file: &Path) -> Result<(), CopyError> {
    let mut connection = options(file).read_only(true).immutable(true).connect().await?;
    // A few faults tell enough.
    let faults: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(3)").fetch_all(&mut connection).await?;
    if faults != ["ok"] {
        return Err(CopyError::Damaged(faults.join("; ")));
    }
    let orphans: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM pragma_foreign_key_check").fetch_one(&mut connection).await?;
    if orphans > 0 {
        return Err(CopyError::Damaged(format!("{orphans} rows refer to others that are not there")));
    }
    check_migrations(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

async fn check_migrations(connection: &mut SqliteConnection) -> Result<(), CopyError> {
    let table = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'";
    if sqlx::query_scalar::<_, i64>(table).fetch_one(&mut *connection).await? == 0 {
        return Err(CopyError::NoSchema);
    }
    let applied = sqlx::query("SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version DESC")
        .fetch_all(&mut *connection)
        .await?;
    let known = SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default();
    match applied.first().map(|row| row.try_get::<i64, _>("version")).transpose()? {
        None => return Err(CopyError::NoSchema),
        Some(found) if found > known => return Err(CopyError::Newer { found, known }),
        Some(_) => {}
    }
    for row in applied {
        let (version, success): (i64, bool) = (row.try_get("version")?, row.try_get("success")?);
        let checksum: Vec<u8> = row.try_get("checksum")?;
        let ours = SQLITE.iter().find(|migration| migration.version == version);
        if !success || ours.is_none_or(|migration| *migration.checksum != *checksum) {
            return Err(CopyError::OtherMigration(version));
        }
    }
    Ok(())
}

/// A database that this process has alone. What was in the files beside it is in its one file now, and they are gone.
pub struct Held(SqliteConnection);

impl Held {
    /// Takes it. Whoever opens it meanwhile waits.
    ///
    /// # Errors
    /// [`CopyError::InUse`] where another process has it open, as a running server does all the time; [`CopyError::Damaged`],
    /// [`CopyError::Sqlite`].
    pub async fn take(file: &Path) -> Result<Self, CopyError> {
        // Without a wait, in which others could not open it either.
        let mut connection = options(file).busy_timeout(Duration::ZERO).connect().await?;
        let alone = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE";
        match sqlx::raw_sql(alone).execute(&mut connection).await {
            Ok(_) => Ok(Self(connection)),
            Err(error) => {
                // By its end SQLite tidies up what lies beside the database: before, not after another has its place.
                let _ = connection.close().await;
                Err(error.into())
            }
        }
    }

    /// Lets go of it.
    pub async fn release(self) {
        // Nothing was written.
        let _ = self.0.close().await;
    }
}

/// The files that SQLite may keep beside a database. It applies them to whatever has the database's name.
pub fn side_files(database: &Path) -> [PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|ending| {
        let mut name = OsString::from(database);
        name.push(ending);
        name.into()
    })
}

/// Which file a URL means; `None` for PostgreSQL.
///
/// # Errors
/// When the URL cannot be read.
pub fn sqlite_file(url: &str) -> Result<Option<PathBuf>, sqlx::Error> {
    if !url.starts_with("sqlite:") {
        return Ok(None);
    }
    let file = url.parse::<SqliteConnectOptions>()?.get_filename().to_owned();
    Ok(Some(path::absolute(file)?))
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .busy_timeout(LOCK_WAIT)
        .disable_statement_logging()
}
