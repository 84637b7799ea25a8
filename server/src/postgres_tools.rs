//! The commands by which PostgreSQL's own tools copy a database and put it back, spelled out for the operator.

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::path::Path;

/// A database as PostgreSQL's tools are told of it, without its password.
pub struct PostgresTools {
    encryption: &'static str,
    connection: String,
    database: String,
}

impl PostgresTools {
    /// The database of this URL, with what the environment adds (`PGHOST` and its like).
    ///
    /// # Errors
    /// When the URL cannot be read.
    pub fn of(url: &str) -> Result<Self, sqlx::Error> {
        let options = url.parse::<PgConnectOptions>()?;
        let user = options.get_username();
        let socket = options.get_socket().map(|path| path.display().to_string());
        let host = socket.as_deref().unwrap_or_else(|| options.get_host());
        let encryption = match options.get_ssl_mode() {
            // What the tools do anyway.
            PgSslMode::Prefer => "",
            PgSslMode::Disable => "PGSSLMODE=disable ",
            PgSslMode::Allow => "PGSSLMODE=allow ",
            PgSslMode::Require => "PGSSLMODE=require ",
            PgSslMode::VerifyCa => "PGSSLMODE=verify-ca ",
            PgSslMode::VerifyFull => "PGSSLMODE=verify-full ",
        };
        Ok(Self {
            encryption,
            connection: format!("--host={} --port={} --username={}", quoted(host), options.get_port(), quoted(user)),
            database: quoted(options.get_database().unwrap_or(user)),
        })
    }

    /// How to make a backup.
    pub fn how_to_dump(&self, file: &Path) -> String {
        let Self { encryption, connection, database } = self;
        let file = quoted(&file.display().to_string());
        format!(
            "PostgreSQL's own tool makes the backup, while servers run. It asks for the password, or finds it in ~/.pgpass:\n  \
             (umask 077; {encryption}pg_dump --format=custom {connection} --file={file} {database})"
        )
    }

    /// How to put one back.
    pub fn how_to_restore(&self, file: &Path) -> String {
        let Self { encryption, connection, database } = self;
        let file = quoted(&file.display().to_string());
        format!(
            "PostgreSQL's own tool restores a backup. Stop every server first; all or nothing is replaced:\n  \
             {encryption}pg_restore --clean --if-exists --no-owner --single-transaction {connection} --dbname={database} {file}"
        )
    }
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./_-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_all_but_the_password() {
        let tools =
            PostgresTools::of("postgres://lab:a-hidden-word@db.example:5433/our%20lab?sslmode=require").unwrap();
        let dump = tools.how_to_dump(Path::new("it's.dump"));
        assert!(dump.ends_with(
            r"(umask 077; PGSSLMODE=require pg_dump --format=custom --host=db.example --port=5433 --username=lab --file='it'\''s.dump' 'our lab')"
        ), "{dump}");
        let restore = tools.how_to_restore(Path::new("a.dump"));
        assert!(
            restore.ends_with("--host=db.example --port=5433 --username=lab --dbname='our lab' a.dump"),
            "{restore}"
        );
        assert!(!dump.contains("hidden") && !restore.contains("hidden"));
    }
}
