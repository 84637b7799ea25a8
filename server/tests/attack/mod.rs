//! What a flood costs everybody else: a real server under one flood after the other, a bystander who asks for pages
//! meanwhile, and budgets for what the process takes. On a machine of its own: `script/attack`.

mod faults;
mod floods;
mod gauge;

use crate::{
    process::{Process, command},
    support::{
        Database, Kind, PASSWORD,
        socket::{ATTACKER, BYSTANDER, ask, connect_from, get, get_and_close, post, session},
    },
};
use floods::{FLOODS, Flood, Target};
use gauge::{Gauge, Use};
use rstest::rstest;
use std::{
    env,
    net::SocketAddr,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    runtime::Builder,
    sync::Mutex,
    task::JoinSet,
    time::timeout_at,
};

/// How long each flood lasts, unless `STORAGE_LAB_ATTACK_SECONDS` says otherwise.
const SHORT: Duration = Duration::from_millis(1_500);

/// What a flood may take at most, however long it lasts.
struct Budget {
    /// Until a bystander's page begins to come, in 99 of 100 cases.
    first_byte: Duration,
    memory: u64,
    descriptors: u64,
    /// Growth of the database.
    disk: u64,
}

const MIB: u64 = 1024 * 1024;
const BUDGET: Budget =
    Budget { first_byte: Duration::from_secs(1), memory: 256 * MIB, descriptors: 450, disk: 64 * MIB };

/// What came of a flood.
struct Outcome {
    strikes: u64,
    /// Sorted.
    first_bytes: Vec<Duration>,
    before: Use,
    most: Use,
    after: Use,
}

impl Outcome {
    fn percentile(&self, percent: usize) -> Duration {
        self.first_bytes[(self.first_bytes.len() * percent / 100).min(self.first_bytes.len() - 1)]
    }

    fn disk(&self) -> u64 {
        self.after.disk.saturating_sub(self.before.disk)
    }
}

/// One bed at a time: they measure.
static ALONE: Mutex<()> = Mutex::const_new(());

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn no_flood_keeps_a_bystander_waiting_or_takes_more_than_its_budget(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let _alone = ALONE.lock().await;
    server::descriptors::raise_limit();
    let long = env::var("STORAGE_LAB_ATTACK_SECONDS").ok().map(|seconds| Duration::from_secs(seconds.parse().unwrap()));
    let database = Database::new(kind).await;
    let server = Process::launch(&database, if long.is_some() { as_shipped() } else { command(&[]) });
    let target = Target::prepare(server.address).await;
    let mut faults = Vec::new();
    let mut table = vec![heading(kind)];
    for flood in FLOODS {
        let outcome = under(flood, &target, &server, &database, long.unwrap_or(SHORT)).await;
        table.push(row(flood, &outcome));
        faults.extend(beyond(flood, &outcome));
        everything_works(server.address).await;
    }
    // Shown by --nocapture, and where the test fails.
    eprintln!("{}", table.join("\n"));
    assert!(!server.log().contains("panicked at"), "{}", server.log());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The release build as an operator starts it: real hashes, real limits.
fn as_shipped() -> Command {
    let binary = env::var("STORAGE_LAB_BIN").expect("STORAGE_LAB_BIN names the release build; script/attack sets it");
    let mut command = Command::new(binary);
    command.arg("serve").current_dir(crate::process::PROJECT).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

async fn under(flood: &Flood, target: &Target, server: &Process, database: &Database, lasting: Duration) -> Outcome {
    let gauge = Gauge::new(server.pid(), database);
    let before = gauge.read().await;
    let end = Instant::now() + lasting;
    let (address, pid) = (server.address, server.pid());
    // Each with a thread of its own, whose measures do not wait for the attackers.
    let bystanders = [(); 3].map(|()| thread::spawn(move || watch_pages(address, end)));
    let peak = thread::spawn(move || gauge::peak(pid, end));

    let strikes = Arc::new(AtomicU64::new(0));
    let mut hands = JoinSet::new();
    for _ in 0..flood.hands {
        let (target, strikes, strike) = (target.clone(), strikes.clone(), flood.strike);
        hands.spawn(async move {
            while timeout_at(end.into(), strike(target.clone(), target.number())).await.is_ok() {
                strikes.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    hands.join_all().await;
    let mut first_bytes: Vec<_> = bystanders.into_iter().flat_map(|bystander| bystander.join().unwrap()).collect();
    first_bytes.sort_unstable();
    let most = peak.join().unwrap();
    gauge.comes_to_rest(before.descriptors).await;
    Outcome { strikes: strikes.load(Ordering::Relaxed), first_bytes, before, most, after: gauge.read().await }
}

/// Asks for a page on a connection of its own, again and again: the times until the first byte of each answer.
fn watch_pages(server: SocketAddr, end: Instant) -> Vec<Duration> {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut times = Vec::new();
    while Instant::now() < end {
        let began = Instant::now();
        let page = async {
            let mut stream = connect_from(BYSTANDER, server).await.unwrap();
            let request = get_and_close("/login");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = vec![stream.read_u8().await.unwrap()];
            times.push(began.elapsed());
            stream.read_to_end(&mut answer).await.unwrap();
            assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        };
        runtime.block_on(page);
        thread::sleep(Duration::from_millis(10));
    }
    times
}

/// Somebody new signs up, logs in, puts something, sees it there, logs out and is out.
async fn everything_works(server: SocketAddr) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("somebody-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let user = [("username", name.as_str()), ("password", PASSWORD)];
    let call = async |path, cookie: &str, fields: &[(&str, &str)]| {
        ask(BYSTANDER, server, &post(path, cookie, fields)).await.unwrap()
    };
    assert_eq!(call("/api/signup", "", &user).await.status(), 200);
    let logged_in = call("/api/login", "", &user).await;
    assert_eq!(logged_in.status(), 200);
    let cookie = logged_in.cookie();
    assert_eq!(call("/api/values/put", cookie, &[("name", "lab-bed"), ("value", "kept")]).await.status(), 200);
    let seen = call("/api/observe", cookie, &[]).await;
    assert!(seen.status() == 200 && seen.0.contains("lab-bed") && seen.0.contains(&name), "{seen:?}");
    assert_eq!(call("/api/logout", cookie, &[]).await.status(), 200);
    assert!(!call("/api/observe", cookie, &[]).await.0.contains(&name));
}

fn heading(kind: Kind) -> String {
    format!(
        "{kind:?}\n{:<28} {:>8} {:>8} {:>8} {:>12} {:>12} {:>8} {:>10}",
        "flood", "strikes", "p50 ms", "p99 ms", "most MiB", "after MiB", "files", "disk KiB"
    )
}

fn row(flood: &Flood, outcome: &Outcome) -> String {
    format!(
        "{:<28} {:>8} {:>8.1} {:>8.1} {:>12.1} {:>12.1} {:>8} {:>10}",
        flood.name,
        outcome.strikes,
        outcome.percentile(50).as_secs_f64() * 1e3,
        outcome.percentile(99).as_secs_f64() * 1e3,
        outcome.most.memory as f64 / MIB as f64,
        outcome.after.memory as f64 / MIB as f64,
        outcome.most.descriptors,
        outcome.disk() / 1024,
    )
}

/// What a flood took beyond the budget, in words.
fn beyond(flood: &Flood, outcome: &Outcome) -> Vec<String> {
    let mut words = Vec::new();
    let mut hold = |what: &str, is: u64, most: u64| {
        if is > most {
            words.push(format!("{}: {what} {is}, and {most} at most", flood.name));
        }
    };
    let first_byte = outcome.percentile(99).as_millis();
    hold("milliseconds to the first byte", first_byte as u64, BUDGET.first_byte.as_millis() as u64);
    hold("bytes of memory", outcome.most.memory, BUDGET.memory);
    hold("descriptors", outcome.most.descriptors, BUDGET.descriptors);
    hold("bytes of disk", outcome.disk(), BUDGET.disk);
    words
}
