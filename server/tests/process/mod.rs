//! The binary itself: what a killed server has kept, what it leaves in files and logs, how it starts and stops.

mod durability;
mod hangup;
mod secrets;
mod start_stop;

use crate::support::Database;
use std::{
    fs::File,
    io::Read,
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const BINARY: &str = env!("CARGO_BIN_EXE_storage-lab");
const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A running server; killed when dropped.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    log: PathBuf,
}

impl Process {
    /// Starts the binary on a free port and waits until it answers.
    pub fn start(database: &Database) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let log = database.folder.path().join(format!("log-{}", address.port()));
        let child = command(&["--addr", &address.to_string(), "--database-url", &database.url])
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let process = Self { child, address, log };
        let began = Instant::now();
        while process.call("GET", "/readyz", &[]).is_none_or(|answer| answer.0 != 200) {
            assert!(began.elapsed() < Duration::from_secs(30), "the server did not start:\n{}", process.log());
            thread::sleep(Duration::from_millis(20));
        }
        process
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// SIGKILL: no chance to tidy up.
    pub fn kill(&self) {
        self.signal("-KILL");
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Asks it to stop, as an operator would, and waits until it has.
    pub fn terminate(&mut self) -> std::process::ExitStatus {
        self.signal("-TERM");
        self.child.wait().unwrap()
    }

    /// Status, headers and body of an answer; `None` when none came.
    pub fn call(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Option<(u16, String, String)> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("http://{}{path}", self.address);
        let sent =
            if method == "GET" { agent.get(&url).call() } else { agent.post(&url).send_form(fields.iter().copied()) };
        let mut answer = sent.ok()?;
        let cookie = answer.headers().get("set-cookie").map_or("", |line| line.to_str().unwrap()).to_owned();
        let mut body = String::new();
        answer.body_mut().as_reader().read_to_string(&mut body).ok()?;
        Some((answer.status().as_u16(), cookie, body))
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

/// The binary with a cheap hash, in the project's folder, where its config is; without the list of hashed file names,
/// which only a release build makes.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("serve").args(arguments).args(["--hash-memory-kib", "64", "--hash-iterations", "1"]);
    command.env("LEPTOS_HASH_FILES", "false");
    command.current_dir(PROJECT).stdin(Stdio::null()).stdout(Stdio::null());
    command
}
