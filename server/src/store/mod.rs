//! The database: SQLite in one file, or PostgreSQL for several servers. One set of SQL serves both; only the
//! migrations and the opening differ.

mod atlas;
mod attempts;
mod events;
mod existing;
mod notices;
mod operations;
mod progress;
mod resets;
mod sessions;
mod test_accounts;
mod trials;
mod upkeep;
mod users;
mod values;
mod write;

use app::AppError;
use sqlx::{
    AnyPool, ConnectOptions as _,
    any::{AnyConnectOptions, AnyPoolOptions},
    migrate::Migrator,
};
use std::{fs::OpenOptions, io::ErrorKind, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

pub use atlas::StoredColumn;
pub use attempts::{AttemptReset, Counter, Lasting, Rule};
pub use events::StoredEvent;
pub use existing::database_name;
pub use notices::{Notices, NotificationListener};
pub use operations::{Operation, StoredOperation};
pub use sessions::{FIND_SESSION, NewSession, PreviousSession, SessionStart, StoredSession};
pub use test_accounts::NewTestAccount;
pub use upkeep::{AFTER_COST, CostShare};
pub use users::{StoredUser, UserRow};

/// SQLite must take its write lock before it reads, or two writers deadlock (SQLite, "BEGIN IMMEDIATE").
const SQLITE_BEGIN: &str = "BEGIN IMMEDIATE";

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Why the database did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names neither SQLite nor PostgreSQL.
    #[error("a database URL starts with sqlite: or postgres:")]
    UnknownUrl,
    /// There is no such SQLite file, and none is to be made.
    #[error("there is no such file")]
    Missing,
    /// No server has made its tables there.
    #[error("it holds no tables of Storage Lab")]
    NoSchema,
    /// A server of another version has made its tables, and they are not to be migrated.
    #[error("its schema has version {found}, and this program works with version {known}")]
    OtherSchema {
        /// The version of its latest migration.
        found: i64,
        /// The version that this program has.
        known: i64,
    },
    /// The folder for the SQLite file cannot be made.
    #[error("cannot make the folder of the database file")]
    Folder(#[source] std::io::Error),
    /// The SQLite file cannot be made.
    #[error("cannot make the database file")]
    File(#[source] std::io::Error),
    /// The schema could not be brought up to date.
    #[error("cannot migrate the database")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A name that must be unique is there already.
    #[error("the name is taken")]
    Taken,
    /// There would be more than is kept: of a session's values, or of imported columns.
    #[error("there would be more than is kept")]
    Full,
    /// Another value is there than the expected one.
    #[error("another value is there")]
    Changed,
    /// The session ended meanwhile, or the account changed.
    #[error("the session or the account is gone")]
    Gone,
    /// Too many failures; the seconds to wait.
    #[error("too many failures: wait {0} s")]
    Blocked(i64),
    /// Anything else.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

impl From<StoreError> for AppError {
    /// Logs the cause; the wire learns no more than the kind.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken => Self::UsernameTaken,
            StoreError::Full => Self::SessionFull,
            StoreError::Changed => Self::Changed,
            StoreError::Gone => Self::SessionEnded,
            StoreError::Blocked(seconds) => Self::TooManyAttempts(u32::try_from(seconds).unwrap_or(u32::MAX)),
            StoreError::Database(cause) if is_out_of_reach(&cause) => {
                tracing::error!(%cause, "the database cannot be reached");
                Self::Unavailable
            }
            error => {
                tracing::error!(cause = ?error, "the database failed");
                Self::Internal
            }
        }
    }
}

/// Busy for too long, a fault of reading or writing, a full disk, a file that cannot be opened (SQLite, "Result Codes"; what
/// extends them stands in the higher bits).
const SQLITE_OUT_OF_REACH: [i32; 4] = [5, 10, 13, 14];

/// Whether waiting may help: there is no connection, or the server ends or refuses it (PostgreSQL, appendix A: classes 08,
/// 53 and 57P), or SQLite cannot write at the moment.
fn is_out_of_reach(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(answer) => answer.code().is_some_and(|code| {
            let of_sqlite = code.parse::<i32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
            ["08", "53", "57P"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                || of_sqlite.is_some_and(|code| SQLITE_OUT_OF_REACH.contains(&code))
        }),
        _ => false,
    }
}

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
    readers: AnyPool,
    /// For statements that write. SQLite lets one connection write at a time: the others queue here in order.
    writers: AnyPool,
    /// The statement by which a transaction begins.
    begin: &'static str,
}

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
    fn sqlite_url(url: &str, mode: &str) -> String {
        let separator = if url.contains('?') { '&' } else { '?' };
        format!("{url}{separator}mode={mode}")
    }

    async fn connect_sqlite(url: &str, mode: &str) -> Result<Self, StoreError> {
        let options = connect_options(&Self::sqlite_url(url, mode))?;
        let writers = sqlite_pool_options(1).connect_with(options.clone()).await?;
        let readers = sqlite_pool_options(8).connect_with(options).await?;
        Ok(Self { readers, writers, begin: SQLITE_BEGIN })
    }

    fn is_sqlite(&self) -> bool {
        self.begin == SQLITE_BEGIN
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options = connect_options(url)?;
        let writers = write::without_open_transactions(pool_options(8)).connect_with(options.clone()).await?;
        let readers = pool_options(16).connect_with(options).await?;
        Ok(Self { readers, writers, begin: "BEGIN" })
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
        let idle = self.readers.num_idle() + self.writers.num_idle();
        let all = (self.readers.size() + self.writers.size()) as usize;
        Connections { idle, used: all.saturating_sub(idle) }
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        self.writers.close().await;
        self.readers.close().await;
    }
}

/// A connection is checked when it goes back to the pool; a ping before each use as well would cost every request a
/// round trip.
fn pool_options(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
}

fn sqlite_pool_options(connections: u32) -> AnyPoolOptions {
    pool_options(connections).after_connect(|connection, _| {
        Box::pin(async move {
            // FULL: what was answered survives a power cut, not only a killed process.
            // INCREMENTAL: the space of what is deleted can be given back. It counts for a new file alone, so it comes first.
            let settings = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                            PRAGMA busy_timeout = 5000;";
            sqlx::raw_sql(settings).execute(connection).await.map(|_| ())
        })
    })
}

/// Whether a URL names SQLite; else it names PostgreSQL.
fn is_sqlite(url: &str) -> Result<bool, StoreError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(true),
        Some("postgres" | "postgresql") => Ok(false),
        _ => Err(StoreError::UnknownUrl),
    }
}

fn connect_options(url: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    Ok(url.parse::<AnyConnectOptions>()?.disable_statement_logging())
}
