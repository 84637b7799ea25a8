//! The port that forwards to an app: what goes through stays what it is, and nobody else comes through.

use super::{BINARY, Process, tls::write_pair};
use crate::support::{Database, Kind};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use axum_server::tls_rustls::RustlsConfig;
use futures::{StreamExt, stream};
use std::{
    convert::Infallible,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tokio::{io::AsyncWriteExt, net::TcpListener};

const PATIENCE: Duration = Duration::from_secs(30);

/// An app that nobody here would call their own: it tells what it received, and answers what it is asked for.
fn app() -> Router {
    Router::new()
        .route("/told", any(told))
        .route(
            "/away",
            any(|headers: HeaderMap| async move {
                let host = headers[header::HOST].to_str().unwrap().to_owned();
                (StatusCode::FOUND, [(header::LOCATION, format!("http://{host}/told?a=b"))])
            }),
        )
        .route(
            "/cookies",
            any(|| async {
                let lines =
                    [(header::SET_COOKIE, "a=1; Path=/; HttpOnly"), (header::SET_COOKIE, "b=2; Secure; SameSite=None")];
                axum::response::AppendHeaders(lines)
            }),
        )
        .route("/part", any(part))
        .route("/packed", any(|| async { ([(header::CONTENT_ENCODING, "gzip"), (header::ETAG, "\"x\"")], PACKED) }))
        .route("/events", any(events))
        .route("/upload", any(upload))
        .route(
            "/download",
            any(|| async { Body::from_stream(stream::iter(std::iter::repeat_n(Ok::<_, Infallible>(PIECE), PIECES))) }),
        )
        .route("/change", any(change))
        .route("/hang-up", any(|| async { Body::from_stream(stream::iter([Err::<Bytes, _>("gone")])) }))
}

/// Not gzip at all: nobody has looked into it.
const PACKED: &[u8] = b"\x1f\x8bwhatever it is\0\xff";
const PIECE: Bytes = Bytes::from_static(&[7; 64 * 1024]);
const PIECES: usize = 16 * 1_024;
/// A gibibyte.
const BYTES: usize = 64 * 1024 * PIECES;
/// What a long body may add to the memory of the process.
const MOST_MEMORY: usize = 32 * 1024 * 1024;

/// The request's head and its body, as text.
async fn told(request: Request) -> String {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let fields: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    format!("{} {}\n{}\n\n{}", parts.method, parts.uri, fields.join("\n"), String::from_utf8_lossy(&body))
}

async fn part(headers: HeaderMap) -> Response {
    match headers.get(header::RANGE).and_then(|range| range.to_str().ok()) {
        Some("bytes=2-4") => {
            (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, "bytes 2-4/10")], "234").into_response()
        }
        _ => "0123456789".into_response(),
    }
}

/// The first event at once, the others never.
async fn events() -> impl IntoResponse {
    let first = stream::once(async { Ok::<_, Infallible>("data: first\n\n") });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(first.chain(stream::pending())))
}

async fn upload(body: Body) -> String {
    let mut pieces = body.into_data_stream();
    let mut count = 0;
    while let Some(piece) = pieces.next().await {
        count += piece.unwrap().len();
    }
    count.to_string()
}

/// Changes to a protocol in which each byte comes back one higher, after a greeting.
async fn change(mut request: Request) -> Response {
    let asked = request.headers().get(header::UPGRADE).cloned();
    let Some(protocol) = asked else { return StatusCode::UPGRADE_REQUIRED.into_response() };
    let changed = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        use tokio::io::AsyncReadExt;
        let mut stream = hyper_util::rt::TokioIo::new(changed.await.unwrap());
        stream.write_all(b"hello").await.unwrap();
        while let Ok(byte) = stream.read_u8().await {
            stream.write_all(&[byte.wrapping_add(1)]).await.unwrap();
        }
    });
    let fields = [(header::CONNECTION, "upgrade".parse().unwrap()), (header::UPGRADE, protocol)];
    (StatusCode::SWITCHING_PROTOCOLS, fields).into_response()
}

/// Serves the app; its address.
async fn started() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app()).await });
    address
}

/// The lab in front of an app, and the port that leads there.
pub(super) struct Forwarded {
    pub lab: Process,
    pub port: u16,
    pub database: Database,
}

impl Forwarded {
    pub async fn to(app: &str, options: &[&str]) -> Self {
        let database = Database::new(Kind::Sqlite).await;
        let named = [&["--app", app, "--app-addr", "127.0.0.1:0"], options].concat();
        let lab = Process::start_with(&database, &named);
        let port = lab.port_after(&format!("your app {app} is at http://127.0.0.1:"));
        Self { lab, port, database }
    }

    async fn new() -> (SocketAddr, Self) {
        let app = started().await;
        (app, Self::to(&format!("http://{app}"), &[]).await)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a request as it stands and reads the answer to its end.
    pub fn ask(&self, request: &str) -> Vec<u8> {
        exchange(self.connect(), request)
    }

    pub fn get(&self, path: &str, fields: &str) -> String {
        let port = self.port;
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{fields}\r\n");
        String::from_utf8_lossy(&self.ask(&request)).into_owned()
    }
}

fn exchange(mut stream: TcpStream, request: &str) -> Vec<u8> {
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

/// Resident memory of a process, in bytes.
fn resident(pid: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1_024
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_reaches_the_app_as_the_browser_sent_it_under_the_apps_own_name() {
    let (app, forwarded) = Forwarded::new().await;
    let port = forwarded.port;
    let token = format!("{}.{}", "A".repeat(22), "A".repeat(43));
    let request = format!(
        "POST /told?a=%2f&b=%C3%A9&&c HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nReferer: http://127.0.0.1:{port}/a\r\n\
         Accept-Encoding: br, x-odd\r\nCookie: a=1; __Host-session={token}\r\nX-Odd: caf\u{e9}\r\nContent-Length: 5\r\nConnection: close\r\n\r\na=b&c"
    );
    let answer = String::from_utf8_lossy(&forwarded.ask(&request)).into_owned();
    assert!(answer.contains("POST /told?a=%2f&b=%C3%A9&&c\n"), "{answer}");
    for field in [
        format!("host: {app}"),
        format!("origin: http://{app}"),
        format!("referer: http://{app}/a"),
        "accept-encoding: br, x-odd".into(),
        "cookie: a=1".into(),
        "x-odd: caf\u{e9}".into(),
        "content-length: 5".into(),
    ] {
        assert!(
            answer.contains(&format!("\n{field}\n")) || answer.contains(&format!("\n{field}\n\n")),
            "{field} is not in:\n{answer}"
        );
    }
    assert!(!answer.contains("x-forwarded") && !answer.contains("via:") && !answer.contains(&token), "{answer}");
    assert!(answer.ends_with("\n\na=b&c"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_back_as_the_app_gave_it() {
    let (app, forwarded) = Forwarded::new().await;
    for path in ["/packed", "/part", "/cookies", "/nothing-there"] {
        let fields = "Connection: close\r\nRange: bytes=2-4\r\n\r\n";
        let directly =
            exchange(TcpStream::connect(app).unwrap(), &format!("GET {path} HTTP/1.1\r\nHost: {app}\r\n{fields}"));
        let through = forwarded.ask(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{fields}", forwarded.port));
        let in_order = |answer: &[u8]| {
            let (head, body) = answer.split_at(answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap());
            let mut lines: Vec<_> = String::from_utf8_lossy(head).lines().map(str::to_owned).collect();
            lines.retain(|line| !line.starts_with("date: ") && line != "connection: close");
            lines.sort();
            (lines, body.to_vec())
        };
        assert_eq!(in_order(&through), in_order(&directly), "{path}");
    }
    let answer = forwarded.get("/away", "");
    assert!(answer.contains(&format!("location: http://127.0.0.1:{}/told?a=b\r\n", forwarded.port)), "{answer}");
    let request = format!("HEAD /download HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", forwarded.port);
    assert!(forwarded.ask(&request).ends_with(b"\r\n\r\n"), "a head has no body");
}

/// Answers every request with these bytes; its address.
fn answering(answer: String) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let head = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            head.take_while(|line| !line.is_empty()).for_each(drop);
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_answer_comes_through_as_it_is() {
    let fields: String = (0..300).map(|number| format!("x-{number}: {number}\r\n")).collect();
    let app = answering(format!("HTTP/1.1 299 Quite Odd\r\n{fields}connection: close\r\n\r\n"));
    let forwarded = Forwarded::to(&format!("http://{app}"), &[]).await;
    for method in ["GET", "HEAD"] {
        let request = format!("{method} / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{fields}\r\n", forwarded.port);
        let request = request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        let answer = String::from_utf8_lossy(&forwarded.ask(&request)).into_owned();
        assert!(answer.starts_with("HTTP/1.1 299 Quite Odd\r\n"), "{answer}");
        assert_eq!(answer.matches("\r\nx-").count(), 300, "{answer}");
        // Neither a date nor the length of a body that was not asked for.
        assert!(!answer.contains("\r\ndate: "), "{answer}");
        assert!(method == "GET" || !answer.contains("\r\ncontent-length: "), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_comes_while_the_answer_goes_on() {
    let (_, forwarded) = Forwarded::new().await;
    let mut stream = forwarded.connect();
    write!(stream, "GET /events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", forwarded.port).unwrap();
    let lines = BufReader::new(stream).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "data: first"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_changes_its_protocol_and_bytes_go_both_ways() {
    let (_, forwarded) = Forwarded::new().await;
    let mut stream = forwarded.connect();
    let head = "GET /change HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n";
    write!(stream, "{head}Host: 127.0.0.1:{}\r\n\r\n", forwarded.port).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\nhello") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(answer.starts_with("http/1.1 101") && answer.contains("upgrade: websocket\r\n"), "{answer}");
    for byte in [0, 41, 254] {
        stream.write_all(&[byte]).unwrap();
        let mut back = [0];
        stream.read_exact(&mut back).unwrap();
        assert_eq!(back, [byte + 1]);
    }
    assert!(forwarded.get("/change", "").starts_with("HTTP/1.1 426"), "only where it is asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gibibyte_goes_through_in_each_direction_in_constant_memory() {
    const LOOK_EVERY: usize = 4 * 1024 * 1024;
    let (_, forwarded) = Forwarded::new().await;
    forwarded.get("/told", "");
    let before = resident(forwarded.lab.pid());
    let mut most = 0;

    let mut stream = forwarded.connect();
    write!(stream, "GET /download HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", forwarded.port)
        .unwrap();
    let (mut count, mut piece) = (0, vec![0; 1 << 20]);
    // A client that is slow at first: what it does not take must not pile up.
    thread::sleep(Duration::from_millis(500));
    while let length @ 1.. = stream.read(&mut piece).unwrap() {
        let looked_at = count / LOOK_EVERY;
        count += length;
        if count / LOOK_EVERY > looked_at {
            most = most.max(resident(forwarded.lab.pid()));
        }
    }
    assert!(count > BYTES, "{count} bytes with the head");

    let mut stream = forwarded.connect();
    let head = format!("POST /upload HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n", forwarded.port);
    write!(stream, "{head}Content-Length: {BYTES}\r\n\r\n").unwrap();
    for sent in 1..=PIECES {
        stream.write_all(&PIECE).unwrap();
        if (sent * PIECE.len()).is_multiple_of(LOOK_EVERY) {
            most = most.max(resident(forwarded.lab.pid()));
        }
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(&BYTES.to_string()), "{answer}");
    assert!(most < before + MOST_MEMORY, "{before} bytes at rest, {most} at most, {BYTES} in each direction");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_not_there_is_told_with_the_way_out_and_found_once_it_is() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let forwarded = Forwarded::to(&format!("http://{address}"), &[]).await;
    let page = forwarded.get("/", "Accept: text/html\r\n");
    assert!(page.starts_with("HTTP/1.1 502") && page.contains("Your app does not answer"), "{page}");
    assert!(page.contains(&format!("http://{address} does not answer: nothing listens there. Start it")), "{page}");
    assert!(page.contains("http-equiv=\"refresh\""), "it looks again by itself");
    let told = forwarded.get("/", "");
    assert!(told.contains(r#""error":"app_does_not_answer""#), "{told}");
    let listener = TcpListener::bind(address).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, app()).await });
    assert!(forwarded.get("/told", "").starts_with("HTTP/1.1 200"));
    assert!(forwarded.get("/nothing-there", "").starts_with("HTTP/1.1 404"), "the app's own word");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_name_for_this_machine_leads_to_no_app() {
    let (_, forwarded) = Forwarded::new().await;
    let ask = |path: &str, host: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        String::from_utf8_lossy(&forwarded.ask(&request)).into_owned()
    };
    let stranger = format!("evil.example:{}", forwarded.port);
    assert!(ask("/told", &stranger).starts_with("HTTP/1.1 421"));
    assert!(ask("/healthz", &stranger).starts_with("HTTP/1.1 421"), "which is the app's, not this server's");
    assert!(ask("/told", &format!("localhost:{}", forwarded.port)).starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_by_https_is_believed_by_its_certificate_or_by_an_option() {
    let folder = tempfile::tempdir().unwrap();
    write_pair(folder.path());
    let config =
        RustlsConfig::from_pem_file(folder.path().join("cert.pem"), folder.path().join("key.pem")).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app_address = listener.local_addr().unwrap();
    let server = axum_server::Server::<SocketAddr>::from_listener(listener)
        .acceptor(axum_server::tls_rustls::RustlsAcceptor::new(config));
    tokio::spawn(server.serve(app().into_make_service()));
    let origin = format!("https://localhost:{}", app_address.port());

    let strict = Forwarded::to(&origin, &[]).await;
    let answer = strict.get("/told", "");
    assert!(answer.starts_with("HTTP/1.1 502") && answer.contains("its certificate is not trusted"), "{answer}");
    let trusting = Forwarded::to(&origin, &["--app-insecure"]).await;
    let answer = trusting.get("/told", &format!("Origin: http://127.0.0.1:{}\r\n", trusting.port));
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(&format!("origin: {origin}\n")), "{answer}");
    let mut stream = trusting.connect();
    let head = "GET /change HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    write!(stream, "{head}Host: 127.0.0.1:{}\r\n\r\n", trusting.port).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 101", "also where the app speaks HTTP/2");
}

#[test]
fn no_app_is_handed_on_to_other_machines_unless_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |address: &str, app_address: &str, options: &[&str]| {
        let database = format!("sqlite://{}/test.db", folder.path().display());
        let addresses = ["--addr", address, "--app-addr", app_address, "--database-url", &database];
        let mut command = Command::new(BINARY);
        command.args(addresses).args(["--app", "http://localhost:8080"]).args(options).stdout(Stdio::null());
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let (here, everywhere) = ("127.0.0.1:0", "0.0.0.0:0");
    for said in [
        refusal(everywhere, here, &[]),
        refusal(here, everywhere, &[]),
        refusal(here, here, &["--trusted-proxy", "10.0.0.1"]),
    ] {
        assert!(said.contains("would hand http://localhost:8080 on to whoever reaches"), "{said}");
        assert!(said.contains("--app-allow-public"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_named_as_its_own_app_does_not_start() {
    let database = Database::new(Kind::Sqlite).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let began = Instant::now();
    let (own, address) = (format!("http://localhost:{port}"), format!("127.0.0.1:{port}"));
    let output = Command::new(BINARY)
        .args(["--addr", "127.0.0.1:0", "--database-url", &database.url, "--app", &own, "--app-addr", &address])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("--app names this server itself"), "{said}");
    assert!(began.elapsed() < PATIENCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_changed_connections_and_event_streams_stay_open_at_once() {
    const OPEN: usize = 500;
    server::descriptors::raise_limit();
    let (_, forwarded) = Forwarded::new().await;
    let opened = |path: &str, fields: &str, greeting: &[u8]| -> Vec<TcpStream> {
        let open = |_| {
            let mut stream = forwarded.connect();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{fields}\r\n", forwarded.port).unwrap();
            stream
        };
        let mut streams: Vec<_> = (0..OPEN).map(open).collect();
        for stream in &mut streams {
            let mut answer = Vec::new();
            while !answer.ends_with(greeting) {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                answer.push(byte[0]);
            }
        }
        streams
    };
    let events = opened("/events", "", b"data: first\n\n\r\n");
    let mut changed = opened("/change", "Connection: Upgrade\r\nUpgrade: websocket\r\n", b"hello");
    for stream in &mut changed {
        stream.write_all(&[1]).unwrap();
        let mut back = [0];
        stream.read_exact(&mut back).unwrap();
        assert_eq!(back, [2]);
    }
    for stream in events {
        stream.set_nonblocking(true).unwrap();
        let closed = stream.peek(&mut [0]);
        assert!(closed.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock), "each is still open");
    }
}
