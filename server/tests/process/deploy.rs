//! The examples in deploy/, as they are handed out but for addresses and files: the proxies before a real server, the unit before
//! systemd's own checks.

use super::{BINARY, PROJECT, Process, tls::write_pair_of};
use crate::support::{
    Database, Kind, PASSWORD,
    socket::{ATTACKER, connect_from},
};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring};
use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

const NAME: &str = "lab.example";
const PATIENCE: Duration = Duration::from_secs(20);
/// Far less than a proxy's buffer takes to fill, or the next comment to come (15 s).
const AT_ONCE: Duration = Duration::from_secs(5);

/// Where a program lies; `None`, and a word about it, where it is not installed.
fn find(program: &str) -> Option<PathBuf> {
    let folders = std::env::var("PATH").unwrap();
    let found = folders
        .split(':')
        .chain(["/usr/sbin"])
        .map(|folder| Path::new(folder).join(program))
        .find(|file| file.is_file());
    if found.is_none() {
        eprintln!("not tested: {program} is not installed; script/setup test brings it");
    }
    found
}

/// An address that no other process listens on: each test run has one of its own.
fn own_address() -> Ipv4Addr {
    let [.., high, low] = process::id().to_be_bytes();
    Ipv4Addr::new(127, 88, high, low)
}

/// An example with these parts replaced, each of which stands in it.
fn example(file: &str, replaced: &[(&str, &str)]) -> String {
    let text = fs::read_to_string(format!("{PROJECT}/deploy/{file}")).unwrap();
    replaced.iter().fold(text, |text, (ours, test)| {
        assert!(text.contains(ours), "{file} has no '{ours}'");
        text.replace(ours, test)
    })
}

/// A proxy before a server of its own; killed when dropped.
struct Proxy {
    child: Child,
    address: SocketAddr,
    roots: RootCertStore,
    server: Process,
    database: Database,
}

impl Proxy {
    /// Starts a server, writes the proxy's configuration for it, and starts the proxy.
    async fn start(port: u16, configure: impl FnOnce(&Path, SocketAddr, SocketAddr) -> Command) -> Self {
        let database = Database::new(Kind::Sqlite).await;
        let server = Process::start_with(&database, &["--host", NAME, "--trusted-proxy", "127.0.0.1"]);
        let mut roots = RootCertStore::empty();
        roots.add(write_pair_of(NAME, database.folder.path()).der().to_vec().into()).unwrap();
        let address = SocketAddr::from((own_address(), port));
        let mut command = configure(database.folder.path(), address, server.address);
        let log = fs::File::create(database.folder.path().join("proxy.log")).unwrap();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut proxy = Self { child, address, roots, server, database };
        while TcpStream::connect(address).is_err() {
            assert!(proxy.child.try_wait().unwrap().is_none(), "{}", proxy.log());
            thread::sleep(Duration::from_millis(20));
        }
        proxy
    }

    fn log(&self) -> String {
        fs::read_to_string(self.database.folder.path().join("proxy.log")).unwrap()
    }

    /// A connection by TLS from another address of this machine than the proxy's.
    async fn connect(&self) -> StreamOwned<ClientConnection, TcpStream> {
        let stream = connect_from(ATTACKER, self.address).await.unwrap().into_std().unwrap();
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        StreamOwned::new(ClientConnection::new(Arc::new(config), NAME.try_into().unwrap()).unwrap(), stream)
    }

    /// The head of a request under the proxy's name, which claims to come from elsewhere and without TLS.
    fn head(&self, start: &str, fields: &str) -> String {
        let port = self.address.port();
        format!(
            "{start} HTTP/1.1\r\nHost: {NAME}:{port}\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\n{fields}\r\n"
        )
    }

    /// Sends a request and reads the answer to its end.
    async fn ask(&self, start: &str, fields: &str, body: &str) -> String {
        let mut stream = self.connect().await;
        let fields = format!("{fields}Connection: close\r\nContent-Length: {}\r\n", body.len());
        stream.write_all(self.head(start, &fields).as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = Vec::new();
        if let Err(error) = stream.read_to_end(&mut answer) {
            // Not every proxy says goodbye (RFC 8446 §6.1).
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof, "{}", self.log());
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends a form of a page of this site.
    async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let head = format!(
            "Origin: https://{NAME}:{}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            self.address.port()
        );
        self.ask(&format!("POST {path}"), &head, &body).await
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

/// What a server needs of a proxy.
async fn serves_as_it_should(proxy: &Proxy) {
    let user = [("username", "Ada"), ("password", PASSWORD)];
    // The host comes through with its port, or this would count as another site's.
    let answer = proxy.post("/api/signup", "", &user).await;
    assert_eq!(status(&answer), "200", "{answer}");
    assert!(answer.to_lowercase().contains("strict-transport-security: "), "the server knows of TLS: {answer}");
    proxy.server.wait_for_log("event=\"signed_up\"");
    let log = proxy.server.log();
    let line = log.lines().find(|line| line.contains("event=\"signed_up\"")).unwrap();
    assert!(line.contains(&format!("address=\"{ATTACKER}\"")), "nobody chooses their address: {line}");

    let answer = proxy.post("/api/login", "", &user).await;
    let line = answer.lines().find(|line| line.to_lowercase().starts_with("set-cookie: __host-session=")).unwrap();
    let cookie = line.split_once(": ").unwrap().1.split(';').next().unwrap();
    let answer = proxy.ask("GET /api/whoami", &format!("Cookie: {cookie}\r\n"), "").await;
    assert!(answer.contains(r#"{"username":"Ada"}"#), "{answer}");

    // As large as the server takes it, in each direction.
    let answer = proxy.ask("GET /healthz", &format!("Cookie: lab-a={}\r\n", "a".repeat(30_000)), "").await;
    assert_eq!(status(&answer), "200", "{answer}");
    let line = format!("lab-a={}; Path=/", "a".repeat(8_000));
    let answer = proxy.post("/lab/cookie", "", &[("line", &line)]).await;
    assert!(answer.contains(&line), "{answer}");
    // Nine bytes each, as a form has them: 234 KB, which the server reads and judges itself.
    let value = "漢".repeat(26_000);
    let fields = [("name", "lab-a"), ("value", &*value)];
    let directly = proxy.server.call_as(cookie, "POST", "/api/values/put", &fields).unwrap();
    let answer = proxy.post("/api/values/put", cookie, &fields).await;
    assert_eq!(status(&answer), directly.0.to_string());
    assert!(answer.contains(&directly.2), "{answer}");

    passes_events_on(proxy, cookie).await;
}

/// What is told comes while the answer goes on, and at once, also to a client that takes compressed answers.
async fn passes_events_on(proxy: &Proxy, cookie: &str) {
    let mut events = proxy.connect().await;
    let fields = format!("Cookie: {cookie}\r\nAccept: text/event-stream\r\nAccept-Encoding: gzip, br, zstd\r\n");
    events.write_all(proxy.head("GET /lab/events", &fields).as_bytes()).unwrap();
    let began = Instant::now();
    hears(&mut events, ": listening");
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
    let answer = proxy.post("/api/values/put", cookie, &[("name", "lab-b"), ("value", "1")]).await;
    assert_eq!(status(&answer), "200", "{answer}");
    let began = Instant::now();
    hears(&mut events, "event: values");
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
}

/// Reads until this comes.
fn hears(stream: &mut impl Read, words: &str) {
    let began = Instant::now();
    let (mut heard, mut piece) = (Vec::new(), [0; 1_024]);
    while !String::from_utf8_lossy(&heard).contains(words) {
        let length = stream.read(&mut piece).unwrap();
        assert!(length > 0 && began.elapsed() < PATIENCE, "{}", String::from_utf8_lossy(&heard));
        heard.extend(&piece[..length]);
    }
}

/// Starts nginx with these directives of its `http` block.
fn nginx_with(nginx: &Path, folder: &Path, directives: &str) -> Command {
    let path = |name: &str| folder.join(name).display().to_string();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary = kinds.map(|kind| format!("{kind}_temp_path {};", path(kind))).join("\n");
    let all = format!(
        "user root; daemon off; pid {};\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\n{directives}\n}}\n",
        path("nginx.pid")
    );
    fs::write(folder.join("nginx.conf"), all).unwrap();
    let mut command = Command::new(nginx);
    command.args(["-e", "stderr", "-p"]).arg(folder).arg("-c").arg(folder.join("nginx.conf"));
    command
}

/// Signs up and logs in through a proxy; the session's cookie.
async fn log_in(proxy: &Proxy) -> String {
    let user = [("username", "Ada"), ("password", PASSWORD)];
    assert_eq!(status(&proxy.post("/api/signup", "", &user).await), "200");
    let answer = proxy.post("/api/login", "", &user).await;
    let line = answer.lines().find(|line| line.to_lowercase().starts_with("set-cookie: __host-session=")).unwrap();
    line.split_once(": ").unwrap().1.split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_at_once_through_an_nginx_that_only_knows_where_the_server_is() {
    let Some(nginx) = find("nginx") else { return };
    let proxy = Proxy::start(8_445, |folder, address, server| {
        let path = |name: &str| folder.join(name).display().to_string();
        // Buffering is on, as nginx has it by itself.
        let site = format!(
            "server {{\nlisten {address} ssl;\nssl_certificate {};\nssl_certificate_key {};\n\
             proxy_set_header Host $http_host;\nlocation / {{ proxy_pass http://{server}; }}\n}}",
            path("cert.pem"),
            path("key.pem")
        );
        nginx_with(&nginx, folder, &site)
    })
    .await;
    let cookie = log_in(&proxy).await;
    passes_events_on(&proxy, &cookie).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_at_once_through_a_caddy_that_compresses() {
    let Some(caddy) = find("caddy") else { return };
    let proxy = Proxy::start(8_446, |folder, address, server| {
        let path = |name: &str| folder.join(name).display().to_string();
        let text = format!(
            "{{\n\tadmin off\n\tauto_https disable_redirects\n}}\nhttps://{NAME}:{} {{\n\tbind {}\n\ttls {} {}\n\tencode gzip zstd\n\t\
             reverse_proxy {server}\n}}\n",
            address.port(),
            address.ip(),
            path("cert.pem"),
            path("key.pem")
        );
        fs::write(folder.join("Caddyfile"), text).unwrap();
        caddy_in(&caddy, folder)
    })
    .await;
    let cookie = log_in(&proxy).await;
    passes_events_on(&proxy, &cookie).await;
}

/// Starts Caddy by the Caddyfile in a folder.
fn caddy_in(caddy: &Path, folder: &Path) -> Command {
    let mut command = Command::new(caddy);
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(folder.join("Caddyfile"));
    command.env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_by_its_example_serves_everything() {
    let Some(nginx) = find("nginx") else { return };
    let plain = SocketAddr::from((own_address(), 8_080));
    let proxy = Proxy::start(8_443, |folder, address, server| {
        let path = |name: &str| folder.join(name).display().to_string();
        let text = example(
            "nginx.conf",
            &[
                ("server 127.0.0.1:3000;", &format!("server {server};")),
                ("  listen 80;\n  listen [::]:80;", &format!("  listen {plain};")),
                ("  listen 443 ssl http2;\n  listen [::]:443 ssl http2;", &format!("  listen {address} ssl http2;")),
                ("/etc/letsencrypt/live/lab.example/fullchain.pem", &path("cert.pem")),
                ("/etc/letsencrypt/live/lab.example/privkey.pem", &path("key.pem")),
            ],
        );
        nginx_with(&nginx, folder, &text)
    })
    .await;
    serves_as_it_should(&proxy).await;
    let answer = proxy.post("/api/values/put", "", &[("value", &*"漢".repeat(30_000))]).await;
    assert_eq!(status(&answer), "413", "{answer}");
    let mut stream = TcpStream::connect(plain).unwrap();
    write!(stream, "GET /login?a=b HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 308") && answer.contains("Location: https://lab.example/login?a=b\r\n"),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_by_its_example_serves_everything() {
    let Some(caddy) = find("caddy") else { return };
    let proxy = Proxy::start(8_444, |folder, address, server| {
        let path = |name: &str| folder.join(name).display().to_string();
        let site = format!(
            "https://{NAME}:{} {{\n\tbind {}\n\ttls {} {}",
            address.port(),
            address.ip(),
            path("cert.pem"),
            path("key.pem")
        );
        let text = example(
            "Caddyfile",
            &[
                ("{\n\tservers {", "{\n\tadmin off\n\tauto_https disable_redirects\n\tservers {"),
                ("lab.example {", &site),
                ("127.0.0.1:3000", &server.to_string()),
            ],
        );
        fs::write(folder.join("Caddyfile"), text).unwrap();
        caddy_in(&caddy, folder)
    })
    .await;
    serves_as_it_should(&proxy).await;
}

#[test]
fn systemd_finds_the_unit_sound_and_little_exposed() {
    let Some(analyze) = find("systemd-analyze") else { return };
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("storage-lab.service");
    let text = example(
        "storage-lab.service",
        &[
            ("ExecStart=/opt/storage-lab/current/storage-lab", &format!("ExecStart={BINARY}")),
            ("WorkingDirectory=/opt/storage-lab/current", &format!("WorkingDirectory={}", folder.path().display())),
        ],
    );
    fs::write(&unit, text).unwrap();
    // Of ten, in tenths: up to 2 is what systemd calls OK, with a little room for what later versions ask about.
    for arguments in [&["verify"][..], &["security", "--no-pager", "--offline=true", "--threshold=20"]] {
        let output = Command::new(&analyze).args(arguments).arg(&unit).output().unwrap();
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        assert!(output.status.success(), "{arguments:?}: {said:?}");
    }
}
