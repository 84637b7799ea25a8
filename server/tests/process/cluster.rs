//! Two servers on one PostgreSQL behind a plain proxy that takes turns: what one knows, the other knows at its next
//! request, and neither the end of one nor a restart of the database needs anybody's hand.

use super::{PROJECT, Process};
use crate::support::{Database, PASSWORD};
use std::{
    fs::Permissions,
    io::{Read, Write, copy},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A PostgreSQL of the test's own, to be stopped and started.
pub struct Postgres {
    folder: TempDir,
    url: String,
}

impl Postgres {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // The server may run as a user of its own, who must come through.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
        let mut postgres = Self { folder, url: String::new() };
        postgres.url = postgres.run("start");
        postgres
    }

    /// Starts or stops it; returns what the script prints.
    pub fn run(&self, action: &str) -> String {
        let folder = self.folder.path().join("cluster");
        let output = Command::new("script/postgres").current_dir(PROJECT).arg(action).arg(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// The process that started all the others of the cluster.
    pub fn pid(&self) -> String {
        let file = self.folder.path().join("cluster/data/postmaster.pid");
        std::fs::read_to_string(file).unwrap().lines().next().unwrap().to_owned()
    }

    pub fn database(&self) -> Database {
        Database::at(self.url.clone())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let folder = self.folder.path().join("cluster");
        let _ = Command::new("script/postgres").current_dir(PROJECT).arg("stop").arg(folder).output();
    }
}

/// The folder of PostgreSQL's programs.
pub fn programs() -> String {
    let output = Command::new("script/postgres").current_dir(PROJECT).arg("bin").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Hands each connection to the next server that takes it.
fn round_robin(servers: &[SocketAddr]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let servers = servers.to_vec();
    let turn = AtomicUsize::new(0);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = (0..servers.len())
                .find_map(|_| TcpStream::connect(servers[turn.fetch_add(1, Ordering::SeqCst) % servers.len()]).ok());
            let Some(server) = server else { continue };
            for (mut from, mut to) in [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)] {
                thread::spawn(move || {
                    let _ = copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Write);
                });
            }
        }
    });
    address
}

/// Somebody's browser: each request is a connection of its own.
struct Browser {
    cookie: String,
}

impl Browser {
    fn new() -> Self {
        Self { cookie: String::new() }
    }

    /// Status and `Retry-After`; 0 when no answer came.
    fn call(&mut self, server: SocketAddr, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build()
            .into();
        let url = format!("http://{server}{path}");
        let sent = if fields.is_empty() && path != "/api/logout" {
            agent.get(&url).header("cookie", &self.cookie).call()
        } else {
            agent.post(&url).header("cookie", &self.cookie).send_form(fields.iter().copied())
        };
        let Ok(answer) = sent else { return (0, String::new()) };
        let header = |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let line = header("set-cookie");
        if !line.is_empty() {
            self.cookie = line.split(';').next().unwrap().to_owned();
        }
        (answer.status().as_u16(), header("retry-after"))
    }

    fn log_in(&mut self, server: SocketAddr, password: &str) -> u16 {
        self.call(server, "/api/login", &[("username", "Ada"), ("password", password)]).0
    }

    fn who_am_i(&mut self, server: SocketAddr) -> u16 {
        self.call(server, "/api/whoami", &[]).0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_act_as_one() {
    let postgres = Postgres::start();
    let database = postgres.database();
    let (one, two) = (Process::start(&database), Process::start(&database));
    let proxy = round_robin(&[one.address, two.address]);
    let (mut ada, mut elsewhere) = (Browser::new(), Browser::new());

    // Logged in through one, known by the other.
    assert_eq!(ada.call(proxy, "/api/signup", &[("username", "Ada"), ("password", PASSWORD)]).0, 200);
    assert_eq!(ada.log_in(one.address, PASSWORD), 200);
    assert_eq!(ada.who_am_i(two.address), 200);
    assert_eq!([(); 6].map(|()| ada.who_am_i(proxy)), [200; 6]);

    // Revoked on one, refused by the other at the next request.
    assert_eq!(elsewhere.log_in(two.address, PASSWORD), 200);
    assert_eq!(elsewhere.who_am_i(one.address), 200);
    assert_eq!(ada.call(one.address, "/api/account/end-session", &[("id", "others")]).0, 200);
    assert_eq!(elsewhere.who_am_i(two.address), 401);
    assert_eq!(ada.who_am_i(two.address), 200);

    // They count wrong passwords together.
    for turn in 0..6 {
        let server = [one.address, two.address][turn % 2];
        assert_eq!(Browser::new().log_in(server, "not the password at all"), 401);
    }
    // Until the wait is long enough for a slow machine to see it on both.
    for (wait, server) in [(1, one.address), (2, two.address), (4, one.address)] {
        thread::sleep(Duration::from_secs(wait) + Duration::from_millis(100));
        assert_eq!(Browser::new().log_in(server, "not the password at all"), 401);
    }
    assert_eq!(Browser::new().log_in(one.address, PASSWORD), 429);
    assert_eq!(Browser::new().log_in(two.address, PASSWORD), 429);

    // One is killed in the middle of a request; whoever comes through the proxy does not notice.
    let mut half = one.connect();
    write!(half, "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nusername=Ada").unwrap();
    one.kill();
    let mut answer = String::new();
    let _ = half.read_to_string(&mut answer);
    assert_eq!(answer, "");
    // A dying process may still take connections.
    while TcpStream::connect(one.address).is_ok() {
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!([(); 6].map(|()| ada.who_am_i(proxy)), [200; 6]);
    let three = Process::start(&database);
    assert_eq!(ada.who_am_i(three.address), 200);

    // The database goes and comes back: 503 meanwhile, and nobody restarts a server.
    postgres.run("stop");
    for server in [two.address, three.address] {
        let (status, retry_after) = ada.call(server, "/api/whoami", &[]);
        assert_eq!((status, retry_after.as_str()), (503, "2"));
        assert_eq!(ada.call(server, "/account", &[]).0, 503);
        assert_eq!(ada.call(server, "/readyz", &[]).0, 503);
        assert_eq!(ada.call(server, "/healthz", &[]).0, 200);
    }
    postgres.run("start");
    let began = Instant::now();
    for server in [two.address, three.address] {
        while ada.who_am_i(server) != 200 {
            assert!(began.elapsed() < Duration::from_secs(20), "{}", two.log());
            thread::sleep(Duration::from_millis(100));
        }
    }
    for server in [two, three] {
        assert!(!server.log().contains("panicked at"), "{}", server.log());
    }
}
