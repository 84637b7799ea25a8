//! What the tests stand on: databases of their own, a clock that they move, and a browser-like client.

mod client;
mod database;

pub use client::Client;
pub use database::{Database, Kind};

use axum::Router;
use leptos::config::LeptosOptions;
use server::{
    accounts::{HashCost, Hasher, Lifetime, Policy},
    clock::Clock,
    http::router,
    serve::state,
    store::Store,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

pub const PASSWORD: &str = "correct horse battery staple";

/// A hash that costs next to nothing.
pub const CHEAP: HashCost = HashCost { memory_kib: 64, iterations: 1 };

pub const POLICY: Policy = Policy {
    ordinary: Lifetime { idle: Duration::from_secs(30 * 60), absolute: Duration::from_secs(12 * 3_600) },
    kept: Lifetime { idle: Duration::from_secs(14 * 86_400), absolute: Duration::from_secs(30 * 86_400) },
};

/// A clock that stands still until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn forward(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_secs()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The server without a socket, on a database of its own.
pub struct TestServer {
    pub router: Router,
    pub clock: Arc<TestClock>,
    pub store: Store,
    _database: Database,
}

impl TestServer {
    pub async fn on(kind: Kind) -> Self {
        let database = Database::new(kind).await;
        let store = Store::open(&database.url).await.unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000)));
        let hasher = Hasher::new(CHEAP, 2).unwrap();
        let options = LeptosOptions::builder().output_name("storage-lab").site_root("nowhere").build();
        let state = state(options, store.clone(), hasher, POLICY, clock.clone());
        Self { router: router(state), clock, store, _database: database }
    }

    /// A browser that has not been here before.
    pub fn visitor(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// A browser that signed up and logged in.
    pub async fn user(&self, username: &str) -> Client {
        let mut client = self.visitor();
        assert_eq!(client.sign_up(username, PASSWORD).await.status, 200);
        assert_eq!(client.log_in(username, PASSWORD).await.status, 200);
        client
    }
}
