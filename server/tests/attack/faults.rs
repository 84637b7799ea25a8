//! Bad days: the disk is full, the database locked, paused or killed, descriptors run out, a certificate is half written.
//! What was answered is kept, what was not is refused in time, and nobody restarts the server.

use crate::{
    process::{
        Process,
        cluster::Postgres,
        tls::{ask as ask_by_tls, believing, files, write_pair},
    },
    support::{
        Database, Kind, PASSWORD,
        socket::{ATTACKER, Answer, BYSTANDER, ask, connect_from, post, session},
    },
};
use sqlx::{AnyConnection, Connection, Executor};
use std::{
    collections::HashMap,
    fs,
    net::SocketAddr,
    process::Command,
    time::{Duration, Instant},
};
use tokio::{io::AsyncWriteExt, task::JoinSet, time::sleep};

/// Longer than any request may take.
const TIME_LIMIT: Duration = Duration::from_secs(33);

async fn put(server: SocketAddr, cookie: &str, value: &str) -> u16 {
    let request = post("/api/values/put", cookie, &[("name", "lab-bed"), ("value", value)]);
    ask(BYSTANDER, server, &request).await.map_or(0, |answer| answer.status())
}

/// What the session holds, as the server tells it.
async fn read(server: SocketAddr, cookie: &str) -> Answer {
    ask(BYSTANDER, server, &post("/api/observe", cookie, &[])).await.unwrap()
}

/// Whoever waits, waits for the time limit at most, and is told to come again.
fn is_refusal(status: u16) -> bool {
    matches!(status, 503 | 507)
}

/// The server writes again, by itself, and soon.
async fn writes_again(server: &Process, cookie: &str) {
    let began = Instant::now();
    while put(server.address, cookie, "afterwards").await != 200 {
        assert!(began.elapsed() < Duration::from_secs(20), "{}", server.log());
        sleep(Duration::from_millis(50)).await;
    }
    assert!(read(server.address, cookie).await.0.contains("afterwards"));
    assert!(!server.log().contains("panicked at"), "{}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_what_cannot_be_kept_and_keeps_what_was_answered() {
    let database = Database::new(Kind::Sqlite).await;
    // No file may grow beyond 2 MiB (the unit of POSIX is 512 bytes); ignoring the signal leaves the error to SQLite.
    let server = Process::start_under("trap '' XFSZ; ulimit -S -f 4096", &database, &[]);
    let cookie = session(BYSTANDER, server.address).await;
    let mut kept = Vec::new();
    let refused = loop {
        let value = format!("{}-{}", kept.len(), "x".repeat(50_000));
        let request = post("/api/values/put", "", &[("name", "lab-bed"), ("value", &value)]);
        let answer = ask(BYSTANDER, server.address, &request).await.unwrap();
        if answer.status() != 200 {
            break answer;
        }
        kept.push((answer.cookie().to_owned(), format!("{}-x", kept.len())));
        assert!(kept.len() < 200, "the disk is never full");
    };
    assert!(is_refusal(refused.status()), "{refused:?}");
    assert!(kept.len() > 5, "{}", kept.len());
    // Reading goes on.
    for (cookie, value) in &kept {
        let seen = read(server.address, cookie).await;
        assert!(seen.status() == 200 && seen.0.contains(value), "{value}");
    }
    let room = Command::new("prlimit").args(["--pid", &server.pid().to_string(), "--fsize=unlimited"]).status();
    assert!(room.unwrap().success());
    writes_again(&server, &cookie).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_locked_for_20_seconds_refuses_writes_in_time_and_is_read_meanwhile() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let cookie = session(BYSTANDER, server.address).await;
    sqlx::any::install_default_drivers();
    let mut other = AnyConnection::connect(&database.url).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(20) {
        let asked = Instant::now();
        let status = put(server.address, &cookie, "lost").await;
        assert!(is_refusal(status) && asked.elapsed() < TIME_LIMIT, "{status} after {:?}", asked.elapsed());
        let asked = Instant::now();
        assert_eq!(read(server.address, &cookie).await.status(), 200);
        assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    }
    assert!(!read(server.address, &cookie).await.0.contains("lost"));
    other.execute("ROLLBACK").await.unwrap();
    writes_again(&server, &cookie).await;
}

/// Every process of the cluster.
fn processes(postgres: &Postgres) -> Vec<String> {
    let first = postgres.pid();
    let mut found = vec![first.clone()];
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(status) = fs::read_to_string(entry.path().join("status")) else { continue };
        if status.lines().any(|line| line.strip_prefix("PPid:").is_some_and(|parent| parent.trim() == first)) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

fn signal(signal: &str, processes: &[String]) {
    // A process of the cluster may have ended meanwhile.
    let _ = Command::new("kill").arg(signal).args(processes).output();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_postgresql_answers_nobody_with_success_and_keeps_nobody_waiting_for_ever() {
    let postgres = Postgres::start();
    let database = postgres.database();
    let server = Process::start(&database);
    let cookie = session(BYSTANDER, server.address).await;
    assert_eq!(put(server.address, &cookie, "before").await, 200);
    let user = [("username", "Ada"), ("password", PASSWORD)];
    assert_eq!(ask(BYSTANDER, server.address, &post("/api/signup", "", &user)).await.unwrap().status(), 200);

    let paused = processes(&postgres);
    assert!(paused.len() > 3, "{paused:?}");
    signal("-STOP", &paused);
    let asked = Instant::now();
    let mut requests = JoinSet::new();
    for number in 0..30 {
        let request = match number % 3 {
            0 => post("/api/values/put", &cookie, &[("name", "lab-bed"), ("value", "lost")]),
            1 => post("/api/login", "", &user),
            _ => post("/api/signup", "", &[("username", &*format!("user-{number}")), ("password", PASSWORD)]),
        };
        let address = server.address;
        requests.spawn(async move { ask(BYSTANDER, address, &request).await.unwrap().status() });
    }
    let statuses = requests.join_all().await;
    let took = asked.elapsed();
    signal("-CONT", &paused);
    assert!(statuses.iter().all(|status| is_refusal(*status)), "{statuses:?}");
    assert!(took < TIME_LIMIT, "{took:?}");
    writes_again(&server, &cookie).await;
    assert_eq!(ask(BYSTANDER, server.address, &post("/api/login", "", &user)).await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_killed_in_the_middle_of_writes_has_kept_each_that_was_answered() {
    let postgres = Postgres::start();
    let database = postgres.database();
    let server = Process::start(&database);
    let address = server.address;
    let mut writers = JoinSet::new();
    for _ in 0..8 {
        let cookie = session(BYSTANDER, address).await;
        writers.spawn(async move {
            // Each value is larger than the one before, so it is known which is the latest.
            let (mut answered, mut refused) = (0, 0);
            for number in 1.. {
                match put(address, &cookie, &format!("value {number}.")).await {
                    200 => answered = number,
                    status => {
                        assert!(is_refusal(status), "{status}");
                        refused += 1;
                    }
                }
                if refused == 3 {
                    return (cookie, answered, number);
                }
            }
            unreachable!()
        });
    }
    sleep(Duration::from_millis(700)).await;
    let first = postgres.pid();
    signal("-QUIT", std::slice::from_ref(&first));
    let began = Instant::now();
    while fs::exists(format!("/proc/{first}")).unwrap() {
        assert!(began.elapsed() < Duration::from_secs(20), "it is not killed");
        sleep(Duration::from_millis(20)).await;
    }
    let written = writers.join_all().await;
    postgres.run("start");

    let latest: HashMap<_, _> =
        written.into_iter().map(|(cookie, answered, tried)| (cookie, (answered, tried))).collect();
    let began = Instant::now();
    for (cookie, (answered, tried)) in latest {
        assert!(answered > 0);
        let seen = loop {
            let seen = read(address, &cookie).await;
            if seen.status() == 200 {
                break seen.0;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{}", server.log());
            sleep(Duration::from_millis(50)).await;
        };
        // The latest that was answered, or one that was written and whose answer was lost.
        assert!((answered..=tried).any(|number| seen.contains(&format!("value {number}."))), "{answered}: {seen}");
        writes_again(&server, &cookie).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_descriptors_are_enough_to_serve_and_a_crowd_only_waits() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start_under("ulimit -n 50", &database, &[]);
    let cookie = session(BYSTANDER, server.address).await;
    let mut crowd = Vec::new();
    for number in 0..100 {
        let mut stream = connect_from(ATTACKER, server.address).await.unwrap();
        let path = if number % 2 == 0 { "/" } else { "/favicon.svg" };
        let _ = stream.write_all(crate::support::socket::get(path).as_bytes()).await;
        crowd.push(stream);
    }
    // One network cannot take the places of all.
    assert_eq!(put(server.address, &cookie, "meanwhile").await, 200);
    assert!(read(server.address, &cookie).await.0.contains("meanwhile"));
    drop(crowd);
    writes_again(&server, &cookie).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_half_written_at_the_signal_is_not_used_and_the_whole_one_is() {
    let database = Database::new(Kind::Sqlite).await;
    let folder = database.folder.path();
    let old = write_pair(folder);
    let server = Process::start_with(&database, &files(folder));
    let new = write_pair(folder);
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.join(name));
    for file in [&certificate, &key] {
        let whole = fs::read(file).unwrap();
        for length in [0, 40, whole.len() / 2, whole.len() - 30] {
            fs::write(file, &whole[..length]).unwrap();
            let refusals = server.log().matches("the old certificate stays in use").count();
            server.signal("-HUP");
            let began = Instant::now();
            while server.log().matches("the old certificate stays in use").count() == refusals {
                assert!(began.elapsed() < Duration::from_secs(10), "{length} bytes: {}", server.log());
                sleep(Duration::from_millis(20)).await;
            }
            assert!(ask_by_tls(&server, believing(&old)).is_some(), "{length} bytes of {}", file.display());
        }
        fs::write(file, whole).unwrap();
    }
    server.signal("-HUP");
    server.wait_for_log("read again");
    assert!(ask_by_tls(&server, believing(&new)).is_some());
}
