//! What a process takes of the machine (proc(5)), and its database of the disk.

use crate::support::Database;
use sqlx::{AnyConnection, Connection};
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// What is taken at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Use {
    /// Resident bytes.
    pub memory: u64,
    pub descriptors: u64,
    /// Bytes of the database.
    pub disk: u64,
}

pub struct Gauge {
    pid: u32,
    url: String,
    folder: PathBuf,
}

impl Gauge {
    pub fn new(pid: u32, database: &Database) -> Self {
        Self { pid, url: database.url.clone(), folder: database.folder.path().into() }
    }

    pub async fn read(&self) -> Use {
        Use { disk: self.disk().await, ..of_process(self.pid) }
    }

    async fn disk(&self) -> u64 {
        if self.url.starts_with("sqlite:") {
            return database_files(&self.folder);
        }
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        let size: i64 =
            sqlx::query_scalar("SELECT pg_database_size(current_database())").fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        u64::try_from(size).unwrap()
    }

    /// Waits until the attackers' descriptors are given back: they have hung up.
    pub async fn comes_to_rest(&self, before: u64) {
        // The database's connections open as they are needed.
        const MORE: u64 = 60;
        let began = Instant::now();
        while of_process(self.pid).descriptors > before + MORE {
            assert!(began.elapsed() < Duration::from_secs(10), "descriptors are not given back");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The most that the process takes until then.
pub fn peak(pid: u32, end: Instant) -> Use {
    let mut most = Use::default();
    while Instant::now() < end {
        let now = of_process(pid);
        most.memory = most.memory.max(now.memory);
        most.descriptors = most.descriptors.max(now.descriptors);
        thread::sleep(Duration::from_millis(20));
    }
    most
}

fn of_process(pid: u32) -> Use {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kib: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count() as u64;
    Use { memory: kib * 1024, descriptors, disk: 0 }
}

fn database_files(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let of_database = files.filter(|file| file.file_name().to_string_lossy().starts_with("test.db"));
    of_database.map(|file| file.metadata().map_or(0, |metadata| metadata.len())).sum()
}
