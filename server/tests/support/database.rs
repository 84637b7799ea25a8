//! A fresh database for each test.

use sqlx::{AnyPool, Executor};
use std::env;
use tempfile::TempDir;

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// An empty database; its file goes with it. One on PostgreSQL stays until the test server is thrown away.
pub struct Database {
    pub url: String,
    pub folder: TempDir,
}

impl Database {
    pub async fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}/test.db", folder.path().display()),
            Kind::Postgres => new_postgres().await,
        };
        Self { url, folder }
    }
}

async fn new_postgres() -> String {
    let server = env::var("STORAGE_LAB_TEST_POSTGRES")
        .expect("STORAGE_LAB_TEST_POSTGRES names a PostgreSQL server for the tests; script/test starts one");
    let mut random = [0_u8; 8];
    getrandom::fill(&mut random).unwrap();
    let name = format!("test_{:016x}", u64::from_ne_bytes(random));
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(&server).await.unwrap();
    pool.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    pool.close().await;
    let (host, _) = server.rsplit_once('/').unwrap();
    format!("{host}/{name}")
}
