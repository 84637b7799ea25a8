//! The binary itself: what a killed server has kept, what it leaves in files and logs, how it starts and stops.

mod app_dock;
mod app_proxy;
mod app_session;
mod app_wire;
mod backup;
mod check;
pub mod cluster;
mod connections;
#[cfg(target_os = "linux")]
mod deploy;
mod durability;
mod hangup;
mod lab;
mod limits;
mod metrics;
mod operators;
mod raw;
mod secrets;
mod start_stop;
pub mod tls;
mod transactions;

use crate::support::Database;
use std::{
    ffi::OsStr,
    fs::File,
    io::Read,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

pub const BINARY: &str = env!("CARGO_BIN_EXE_storage-lab");
pub const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A running server; killed when dropped.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    log: PathBuf,
}

impl Process {
    /// Starts the binary on a free port and waits until it answers.
    pub fn start(database: &Database) -> Self {
        Self::start_with(database, &[] as &[&str])
    }

    /// The same with other options.
    pub fn start_with(database: &Database, options: &[impl AsRef<OsStr>]) -> Self {
        let mut command = command(&[]);
        command.args(options);
        Self::launch(database, command)
    }

    /// The same under limits, which are words for the shell: `ulimit -n 50`.
    pub fn start_under(limits: &str, database: &Database, options: &[&str]) -> Self {
        let inner = command(options);
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{limits}; exec \"$0\" \"$@\"")]).arg(inner.get_program()).args(inner.get_args());
        shell.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.current_dir(PROJECT).stdin(Stdio::null()).stdout(Stdio::null());
        Self::launch(database, shell)
    }

    /// Starts what the command says, on a free port, and waits until it answers.
    pub fn launch(database: &Database, command: Command) -> Self {
        Self::launch_at(ANY_PORT, database, command)
    }

    /// The same at this address.
    pub fn start_at(address: SocketAddr, database: &Database, options: &[impl AsRef<OsStr>]) -> Self {
        let mut command = command(&[]);
        command.args(options);
        Self::launch_at(address, database, command)
    }

    fn launch_at(address: SocketAddr, database: &Database, mut command: Command) -> Self {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let log = database.folder.path().join(format!("log-{}", STARTED.fetch_add(1, Ordering::SeqCst)));
        let child = command
            .args(["--addr", &address.to_string(), "--database-url", &database.url])
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut process = Self { child, address, log };
        process.address.set_port(process.port_after("://localhost:"));
        while TcpStream::connect(process.address).is_err() {
            thread::sleep(Duration::from_millis(20));
        }
        process
    }

    /// The address at which it serves the numbers for operators.
    pub fn metrics_address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port_after("numbers for Prometheus are at http://127.0.0.1:")))
    }

    /// Waits until the log names a port after these words.
    fn port_after(&self, words: &str) -> u16 {
        self.wait_for_log(words);
        let log = self.log();
        let rest = log.split_once(words).unwrap().1;
        rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
    }

    /// Waits until the log says this.
    pub fn wait_for_log(&self, words: &str) {
        let began = Instant::now();
        while !self.log().contains(words) {
            assert!(began.elapsed() < Duration::from_secs(30), "the log does not say '{words}':\n{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What has been written so far; a line may come a moment after what it tells of.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// SIGKILL: no chance to tidy up.
    pub fn kill(&self) {
        self.signal("-KILL");
    }

    /// Sends a signal.
    pub fn signal(&self, signal: &str) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Asks it to stop, as an operator would, and waits until it has.
    pub fn terminate(&mut self) -> std::process::ExitStatus {
        self.signal("-TERM");
        self.child.wait().unwrap()
    }

    /// All that it has said, once it has stopped.
    pub fn stopped_log(mut self) -> String {
        let status = self.terminate();
        let log = self.log();
        assert!(status.success(), "{log}");
        log
    }

    /// Status, headers and body of an answer; `None` when none came.
    pub fn call(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Option<(u16, String, String)> {
        self.call_as("", method, path, fields)
    }

    /// The same with a `Cookie` header.
    pub fn call_as(
        &self,
        cookie: &str,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Option<(u16, String, String)> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("http://{}{path}", self.address);
        let sent = if method == "GET" {
            agent.get(&url).header("cookie", cookie).call()
        } else {
            agent.post(&url).header("cookie", cookie).send_form(fields.iter().copied())
        };
        let mut answer = sent.ok()?;
        let cookie = answer.headers().get("set-cookie").map_or("", |line| line.to_str().unwrap()).to_owned();
        let mut body = String::new();
        answer.body_mut().as_reader().read_to_string(&mut body).ok()?;
        Some((answer.status().as_u16(), cookie, body))
    }

    /// Opens the page `/`: the id of its record.
    pub fn open_page(&self) -> Option<String> {
        let page = ureq::get(format!("http://{}/", self.address)).call().unwrap();
        crate::lab::wire::page_id(page.headers().get("server-timing")?.to_str().unwrap())
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This machine, at a port that the system chooses when a server binds it.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The binary with a cheap hash, and a site of which nothing is built.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("serve").args(arguments).args(["--hash-memory-kib", "64", "--hash-iterations", "1"]);
    // Every client of the tests comes from one address.
    command.args(["--address-failures", "1000", "--address-sign-ups", "1000", "--address-sessions", "10000"]);
    command.args(["--site", "public"]);
    command.current_dir(PROJECT).stdin(Stdio::null()).stdout(Stdio::null());
    command
}
