//! A fresh database for each test.

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::{env, thread};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// An empty database. It goes when the test ends: a server with hundreds of them fills a disk.
pub struct Database {
    pub url: String,
    pub folder: TempDir,
    _made: Option<Made>,
}

impl Database {
    pub async fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        match kind {
            Kind::Sqlite => Self { url: format!("sqlite://{}/test.db", folder.path().display()), folder, _made: None },
            Kind::Postgres => {
                let made = Made::new().await;
                let (host, _) = made.server.rsplit_once('/').unwrap();
                Self { url: format!("{host}/{}", made.name), folder, _made: Some(made) }
            }
        }
    }

    pub async fn execute(&self, sql: &str) {
        execute(&self.url, sql.to_owned()).await.unwrap();
    }

    /// One that is there already, and stays.
    pub fn at(url: String) -> Self {
        Self { url, folder: tempfile::tempdir().unwrap(), _made: None }
    }
}

/// A database that was made on the PostgreSQL server for the tests.
struct Made {
    server: String,
    name: String,
}

impl Made {
    async fn new() -> Self {
        let server = env::var("STORAGE_LAB_TEST_POSTGRES")
            .expect("STORAGE_LAB_TEST_POSTGRES names a PostgreSQL server for the tests; script/test starts one");
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).unwrap();
        let name = format!("test_{:016x}", u64::from_ne_bytes(random));
        execute(&server, format!("CREATE DATABASE {name}")).await.unwrap();
        Self { server, name }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A test ends inside its runtime, which cannot wait for another. Whoever is still connected is sent away.
        let drop = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute(&server, format!("DROP DATABASE {name} WITH (FORCE)"))).unwrap();
        });
        // The thread's own message tells why, and the test has its result already.
        let _ = drop.join();
    }
}

async fn execute(server: &str, sql: String) -> sqlx::Result<()> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(server).await?;
    connection.execute(AssertSqlSafe(sql)).await?;
    connection.close().await
}
