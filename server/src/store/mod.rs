//! The database: SQLite in one file, or PostgreSQL for several servers. One set of SQL serves both; only the
//! migrations and the opening differ.

mod atlas;
mod attempts;
mod backup;
mod database;
mod error;
mod events;
mod existing;
mod notices;
mod open;
mod operations;
mod pool;
mod progress;
mod resets;
mod session_reader;
mod sessions;
mod test_accounts;
mod trials;
mod upkeep;
mod users;
mod values;
mod write;

pub use atlas::StoredColumn;
pub use attempts::{AttemptReset, Counter, Guess, Lasting, Rule};
pub use backup::{CopyError, Held, check_copy, copy_database, side_files, sqlite_file};
pub use database::{Connections, Store};
pub use error::StoreError;
pub use events::StoredEvent;
pub use existing::database_name;
pub use notices::{Notices, NotificationListener};
pub use operations::{Operation, StoredOperation};
pub use sessions::{FIND_SESSION, NewSession, PreviousSession, SessionStart, StoredSession};
pub use test_accounts::NewTestAccount;
pub use upkeep::{AFTER_COST, CostShare};
pub use users::{StoredUser, UserRow};
