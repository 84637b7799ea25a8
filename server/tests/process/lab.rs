//! The lab over real sockets: what is recorded is what was sent, open pages hear of other servers and let go of one that
//! stops.

use super::{BINARY, PROJECT, Process, cluster::Postgres};
use crate::{
    lab::wire::page_id,
    support::{Database, Kind, PASSWORD},
};
use app::bench::{Travelled, wire::Exchange};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Command,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(60);

/// One connection on which requests follow each other.
struct Wire(BufReader<TcpStream>);

impl Wire {
    fn to(server: &Process) -> Self {
        let stream = server.connect();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(stream))
    }

    /// The header lines of the answer, its status line before them, and its body as it came.
    fn ask(&mut self, request: &str) -> (Vec<String>, Vec<u8>) {
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let head = self.head();
        let is = |name: &str| head.iter().find_map(|line| line.strip_prefix(name));
        let mut body = Vec::new();
        if let Some(length) = is("content-length: ") {
            body.resize(length.parse().unwrap(), 0);
            self.0.read_exact(&mut body).unwrap();
        } else if is("transfer-encoding: chunked").is_some() {
            while let Some(chunk) = self.chunk() {
                body.extend(chunk);
            }
        }
        (head, body)
    }

    fn head(&mut self) -> Vec<String> {
        let mut head = Vec::new();
        loop {
            let mut line = Vec::new();
            self.0.read_until(b'\n', &mut line).unwrap();
            let line = line.strip_suffix(b"\r\n").expect("a whole line");
            if line.is_empty() {
                return head;
            }
            head.push(String::from_utf8(line.to_vec()).unwrap());
        }
    }

    /// The next chunk; `None` for the last one, which is empty.
    fn chunk(&mut self) -> Option<Vec<u8>> {
        let mut size = String::new();
        self.0.read_line(&mut size).unwrap();
        let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        self.0.read_exact(&mut chunk).unwrap();
        chunk.truncate(size);
        (size > 0).then_some(chunk)
    }

    /// Begins to listen to a session's events.
    fn listen(server: &Process, cookie: &str) -> Self {
        let mut wire = Self::to(server);
        let request = format!("GET /lab/events HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n");
        wire.0.get_mut().write_all(request.as_bytes()).unwrap();
        let head = wire.head();
        assert_eq!(head[0], "HTTP/1.1 200 OK", "{head:?}");
        assert_eq!(wire.chunk().as_deref(), Some(&b": listening\n\n"[..]), "it is told at once that it listens");
        wire
    }

    /// What it is told next, beside that the connection lives.
    fn hears(&mut self) -> Option<String> {
        loop {
            let told = String::from_utf8(self.chunk()?).unwrap();
            if told != ":\n\n" {
                return Some(told);
            }
        }
    }
}

fn logged_in(server: &Process) -> String {
    let user = [("username", "Ada"), ("password", PASSWORD)];
    server.call("POST", "/api/signup", &user).unwrap();
    let (_, line, _) = server.call("POST", "/api/login", &user).unwrap();
    line.split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_is_what_was_sent_byte_by_byte() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let mut wire = Wire::to(&server);
    let plain = wire.ask("GET / HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: plain\r\n\r\n");
    let page = plain.0.iter().find_map(|line| page_id(line.strip_prefix("server-timing: ")?)).unwrap();
    let about = |id: &str| format!("Host: localhost\r\nLab-Page: {page}\r\nX-Request-Id: {id}\r\n");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let mut sent = vec![("plain", plain)];
    let mut ask = |id, request: String| sent.push((id, wire.ask(&request)));
    ask("packed", format!("GET / HTTP/1.1\r\nAccept-Encoding: gzip\r\n{}\r\n", about("packed")));
    ask("echo", format!("GET /lab/echo/a?b=%20 HTTP/1.1\r\n{}\r\n", about("echo")));
    let put = "name=lab-a&value=1";
    let put =
        format!("POST /api/values/put HTTP/1.1\r\n{form}Content-Length: {}\r\n{}\r\n{put}", put.len(), about("put"));
    ask("put", put);
    let line = "line=lab-a%3Dé%E6%BC%A2";
    let line =
        format!("POST /lab/cookie HTTP/1.1\r\n{form}Content-Length: {}\r\n{}\r\n{line}", line.len(), about("line"));
    ask("line", line);
    ask("refused", format!("PUT /lab/echo HTTP/1.1\r\nContent-Length: 0\r\n{}\r\n", about("refused")));
    ask("unpaged", format!("GET /api/whoami HTTP/1.1\r\n{}\r\n", about("unpaged")));
    ask("last", format!("GET /healthz HTTP/1.1\r\nConnection: close\r\n{}\r\n", about("last")));

    // A document has a record of its own, so the second one is read under its own id.
    let record = |page: &str| {
        let (_, body) =
            Wire::to(&server).ask(&format!("GET /lab/wire HTTP/1.1\r\nHost: localhost\r\nLab-Page: {page}\r\n\r\n"));
        serde_json::from_slice::<Vec<Exchange>>(&body).unwrap()
    };
    let recorded = record(&page);
    let mut compared = 0;
    for (id, (head, body)) in &sent {
        let Some(exchange) = recorded.iter().find(|exchange| exchange.id == *id) else { continue };
        compared += 1;
        assert!(head[0].starts_with(&format!("{} {}", exchange.version, exchange.status)), "{head:?}");
        assert_eq!(exchange.response_body, Some(body.len() as u64), "{id}");
        let mut sizes: Vec<_> =
            head[1..].iter().map(|line| (line.split(": ").next().unwrap(), line.len() + 2)).collect();
        let mut fields: Vec<_> =
            exchange.response.iter().map(|field| (field.name.as_str(), field.bytes as usize)).collect();
        sizes.sort_unstable();
        fields.sort_unstable();
        assert_eq!(fields, sizes, "{id}");
        for field in exchange.response.iter().filter(|field| !field.value.contains("••••")) {
            assert!(head.contains(&format!("{}: {}", field.name, field.value)), "{id}: {}", field.name);
        }
    }
    assert_eq!((compared, recorded.len()), (7, 7), "all but the second document");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_hears_what_another_server_did_even_after_the_database_was_away() {
    let postgres = Postgres::start();
    let database = postgres.database();
    let (one, two) = (Process::start(&database), Process::start(&database));
    let cookie = logged_in(&one);
    let put =
        |server: &Process| server.call_as(&cookie, "POST", "/api/values/put", &[("name", "lab-a"), ("value", "1")]);
    let (mut here, mut there) = (Wire::listen(&one, &cookie), Wire::listen(&two, &cookie));
    assert_eq!(put(&one).unwrap().0, 200);
    assert_eq!(here.hears().as_deref(), Some("event: values\ndata: values\n\n"));
    assert_eq!(there.hears().as_deref(), Some("event: values\ndata: values\n\n"));

    postgres.run("stop");
    postgres.run("start");
    // Something may have been missed meanwhile, so each server lets its pages look.
    assert_eq!(here.hears().as_deref(), Some("event: values\ndata: values\n\n"));
    assert_eq!(there.hears().as_deref(), Some("event: values\ndata: values\n\n"));
    let began = Instant::now();
    while put(&two).unwrap().0 != 200 {
        assert!(began.elapsed() < PATIENCE, "{}", two.log());
    }
    assert_eq!(here.hears().as_deref(), Some("event: values\ndata: values\n\n"));

    assert_eq!(two.call_as(&cookie, "POST", "/api/logout", &[]).unwrap().0, 200);
    assert_eq!(here.hears().as_deref(), Some("event: ended\ndata: ended\n\n"));
    assert_eq!(here.hears(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_has_waited_long_hears_that_an_operator_ended_its_session() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let mut page = Wire::listen(&server, &logged_in(&server));
    let began = Instant::now();
    assert_eq!(page.chunk().as_deref(), Some(&b":\n\n"[..]), "it is told that the connection lives");
    assert!((Duration::from_secs(14)..Duration::from_secs(20)).contains(&began.elapsed()), "{:?}", began.elapsed());
    let revoked = Command::new(BINARY)
        .args(["sessions", "revoke", "--all", "--database-url", &database.url])
        .current_dir(PROJECT)
        .output()
        .unwrap();
    assert!(revoked.status.success(), "{revoked:?}");
    assert_eq!(page.hears().as_deref(), Some("event: ended\ndata: ended\n\n"));
    assert_eq!(page.hears(), None);
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn open_pages_do_not_hold_up_the_stop() {
    let database = Database::new(Kind::Sqlite).await;
    let mut server = Process::start(&database);
    let cookie = logged_in(&server);
    let mut pages: Vec<_> = (0..5).map(|_| Wire::listen(&server, &cookie)).collect();
    let began = Instant::now();
    assert!(server.terminate().success(), "{}", server.log());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(pages.iter_mut().all(|page| page.hears().is_none()), "each ends as it should");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lab_that_is_switched_off_is_not_there() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start_with(&database, &["--lab", "off"]);
    for (method, path) in [
        ("GET", "/lab/echo"),
        ("GET", "/echo"),
        ("POST", "/lab/cookie"),
        ("POST", "/lab/clear-site-data"),
        ("GET", "/lab/events"),
        ("POST", "/lab/subject"),
        ("GET", "/lab/forge?run=a1"),
        ("POST", "/lab/transfer?run=a1&how=form"),
        ("GET", "/lab/transfers?run=a1"),
        ("POST", "/lab/runs"),
        ("GET", "/lab/elsewhere?run=a1"),
    ] {
        let (status, cookie, _) = server.call(method, path, &[("line", "lab-a=1"), ("kind", "*")]).unwrap();
        assert_eq!((status, cookie.as_str()), (404, ""), "{path}");
    }
    assert_eq!(server.open_page(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_for_its_own_machine_answers_at_a_second_port() {
    let database = Database::new(Kind::Sqlite).await;
    let mut server = Process::start(&database);
    let (_, _, markers) = server.call("GET", "/lab/markers", &[]).unwrap();
    let port = serde_json::from_str::<Travelled>(&markers).unwrap().other_port.unwrap();
    let mut second = TcpStream::connect(("127.0.0.1", port)).unwrap();
    second.write_all(b"GET /lab/markers HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    second.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(&format!("\"other_port\":{port}")), "{answer}");
    assert!(server.terminate().success());
}
