//! Opens a database for an operator's command: an existing one, without changing it.

use super::{
    Store, StoreError,
    open::{POSTGRES, SQLITE, connect_options, is_sqlite},
};
use sqlx::{
    ConnectOptions as _, Connection, Row, migrate::Migrator, postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};
use std::path;

impl Store {
    /// Opens a database from which a server of this version serves. Nothing is made or migrated: a command in the wrong folder,
    /// or of another version, changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NoSchema`], [`StoreError::OtherSchema`], [`StoreError::Database`].
    pub async fn open_existing(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        if is_sqlite(url)? {
            if !url.parse::<SqliteConnectOptions>()?.get_filename().is_file() {
                return Err(StoreError::Missing);
            }
            // Looked at before the settings of our connections are made, one of which lasts: it may be another program's.
            check_schema(&Self::sqlite_url(url, "rw"), &SQLITE).await?;
            Self::connect_sqlite(url, "rw").await
        } else {
            check_schema(url, &POSTGRES).await?;
            Self::open_postgres(url).await
        }
    }
}

/// Which database a URL means, for people: a file by its whole path, a PostgreSQL database without the password.
///
/// # Errors
/// [`StoreError::Database`] for a URL that cannot be read.
pub fn database_name(url: &str) -> Result<String, StoreError> {
    if is_sqlite(url)? {
        let options = url.parse::<SqliteConnectOptions>()?;
        let file = options.get_filename();
        return Ok(path::absolute(file).unwrap_or_else(|_| file.to_owned()).display().to_string());
    }
    // As it is read, with what the environment adds (PGHOST and its like).
    let options = url.parse::<PgConnectOptions>()?;
    let (user, port) = (options.get_username(), options.get_port());
    let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string());
    Ok(format!("postgres://{user}@{host}:{port}/{}", options.get_database().unwrap_or(user)))
}

/// Whether it has exactly the schema that these migrations make.
async fn check_schema(url: &str, migrator: &Migrator) -> Result<(), StoreError> {
    let mut connection = connect_options(url)?.connect().await?;
    let row = sqlx::query("SELECT MAX(version) AS version FROM _sqlx_migrations").fetch_one(&mut connection).await;
    let found = match row {
        Ok(row) => row.try_get::<Option<i64>, _>("version")?,
        // PostgreSQL's undefined_table; SQLite has one code for this and more.
        Err(sqlx::Error::Database(answer))
            if answer.code().is_some_and(|code| code == "42P01") || answer.message().starts_with("no such table") =>
        {
            None
        }
        Err(error) => return Err(error.into()),
    };
    connection.close().await?;
    let known = migrator.iter().map(|migration| migration.version).max().unwrap_or_default();
    match found {
        None => Err(StoreError::NoSchema),
        Some(found) if found == known => Ok(()),
        Some(found) => Err(StoreError::OtherSchema { found, known }),
    }
}
