//! What the tests stand on: databases of their own, a clock that they move, and a browser-like client.

mod client;
mod database;
pub mod socket;

pub use client::{Answer, Client};
pub use database::{Database, Kind};

use axum::{
    Router,
    extract::connect_info::MockConnectInfo,
    middleware::{Next, from_fn},
};
use server::{
    accounts::{HashCost, Hasher, Limits},
    bench::Allowance,
    clock::Clock,
    http::{AppState, Hosts, Peers, network},
    push::Hub,
    router::{router, routes},
    serve::state,
    sessions::{Lifetime, Policy, Sessions},
    site::Site,
    store::Store,
    upkeep::sweep,
};
use std::{
    net::SocketAddr,
    sync::{
        Arc, LazyLock,
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

/// As they come: 30 wrong passwords, 60 sign-ups and 300 anonymous sessions free for each address.
pub static LIMITS: LazyLock<Limits> = LazyLock::new(|| Limits::new(30, 60, 300));

/// What the bench may keep, as it comes.
const ROOM: u64 = 512 * 1024 * 1024;

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

/// The server without a socket, on a database of its own, known as `lab.example` and `other.example`. It trusts the proxy through which every test comes, so that
/// a test can choose its address by `X-Forwarded-For`.
pub struct TestServer {
    pub router: Router,
    /// The same, where what is done beside an answer may still be under way when it comes.
    pub unsettled: Router,
    /// All routes, as the router prints them.
    pub routes: String,
    pub clock: Arc<TestClock>,
    pub store: Store,
    pub hub: Hub,
    pub sessions: Sessions,
    pub allowance: Allowance,
    pub database: Database,
}

impl TestServer {
    pub async fn on(kind: Kind) -> Self {
        Self::hashing_at(kind, CHEAP).await
    }

    /// Hashing costs what it says.
    pub async fn hashing_at(kind: Kind, cost: HashCost) -> Self {
        let database = Database::new(kind).await;
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000)));
        Self::open(database, clock, cost, ROOM, |state| state).await
    }

    /// Started with other options.
    pub async fn set(kind: Kind, options: impl FnOnce(AppState) -> AppState) -> Self {
        let database = Database::new(kind).await;
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000)));
        Self::open(database, clock, CHEAP, ROOM, options).await
    }

    /// The bench may keep so many bytes.
    pub async fn with_room_for(kind: Kind, bytes: u64) -> Self {
        let database = Database::new(kind).await;
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000)));
        Self::open(database, clock, CHEAP, bytes, |state| state).await
    }

    /// The same server on the same database, started anew at another cost of hashing.
    pub async fn restarted_at(self, cost: HashCost) -> Self {
        self.store.close().await;
        Self::open(self.database, self.clock, cost, ROOM, |state| state).await
    }

    async fn open(
        database: Database,
        clock: Arc<TestClock>,
        cost: HashCost,
        most: u64,
        set: impl FnOnce(AppState) -> AppState,
    ) -> Self {
        let store = Store::open(&database.url).await.unwrap();
        let allowance = Allowance::new(store.clone(), most);
        let hasher = Hasher::new(cost, 2).unwrap();
        let site = Site::in_folder("nowhere".into());
        let state = set(AppState {
            hosts: Hosts::new(&["lab.example".to_owned(), "other.example".to_owned()], &[]),
            peers: Peers { trusted_proxies: [network("127.0.0.1").unwrap()].into(), ..Peers::default() },
            ..state(site, store.clone(), hasher, (POLICY, *LIMITS), clock.clone(), allowance.clone())
        });
        let routes = format!("{:?}", routes(&state));
        let (hub, sessions) = (state.hub.clone(), Sessions::clone(&state.sessions));
        // What is done beside an answer is done before a test goes on.
        let settled = sessions.clone();
        let settle = move |request, next: Next| {
            let settled = settled.clone();
            async move {
                let answer = next.run(request).await;
                settled.settle().await;
                answer
            }
        };
        let unsettled = router(state).layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
        let router = unsettled.clone().layer(from_fn(settle));
        Self { router, unsettled, routes, clock, store, hub, sessions, allowance, database }
    }

    /// Puts the database into a state that the server never does.
    pub async fn sql(&self, sql: &str) {
        self.database.execute(sql).await;
    }

    /// Sweeps away what has ended; returns how many rows went.
    pub async fn sweep(&self) -> u64 {
        sweep(&self.store, self.clock.now()).await.unwrap()
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

    /// Another browser in which a user who has an account logs in.
    pub async fn elsewhere(&self, username: &str) -> Client {
        let mut client = self.visitor();
        assert_eq!(client.log_in(username, PASSWORD).await.status, 200);
        client
    }
}
