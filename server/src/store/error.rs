//! Why the database did not do as asked, and what the wire learns of it.

use app::AppError;

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
