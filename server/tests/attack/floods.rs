//! The floods, one entry each in [`FLOODS`]: what an attacker does over and over, and how many do it at once.

use super::{ATTACKER, PASSWORD, ask, connect_from, get, get_and_close, post, session};
use crate::support::socket::{Answer, connect_narrowly_from, head};
use axum::{body::Bytes, http::Request};
use h2::client::{self, SendRequest};
use std::{
    future::pending,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncWriteExt, copy, sink},
    time::sleep,
};

type Strike = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// Something that is done to a server all the time.
pub struct Flood {
    pub name: &'static str,
    /// Attackers at once.
    pub hands: usize,
    /// What one of them does, over and over. An error ends the one time.
    pub strike: fn(Target, u64) -> Strike,
}

pub const FLOODS: &[Flood] = &[
    Flood { name: "sign-ups", hands: 32, strike: |target, number| Box::pin(sign_up(target, number)) },
    Flood { name: "log-ins, right", hands: 32, strike: |target, number| Box::pin(log_in(target, number)) },
    Flood { name: "log-ins, wrong", hands: 32, strike: |target, number| Box::pin(guess(target, number)) },
    Flood { name: "puts without a cookie", hands: 32, strike: |target, number| Box::pin(put(target, number)) },
    Flood { name: "event streams", hands: 300, strike: |target, number| Box::pin(listen(target, number)) },
    Flood { name: "slow heads", hands: 300, strike: |target, number| Box::pin(slow_head(target, number)) },
    Flood { name: "slow bodies", hands: 300, strike: |target, number| Box::pin(slow_body(target, number)) },
    Flood { name: "slow readers", hands: 32, strike: |target, number| Box::pin(slow_reader(target, number)) },
    Flood { name: "slow readers, HTTP/2", hands: 4, strike: |target, number| Box::pin(slow_reader_2(target, number)) },
    Flood { name: "HTTP/2 pages, 100 at once", hands: 4, strike: |target, number| Box::pin(pages_2(target, number)) },
    Flood { name: "HTTP/2 rapid resets", hands: 16, strike: |target, number| Box::pin(resets(target, number)) },
    Flood { name: "HTTP/2 pings", hands: 8, strike: |target, number| Box::pin(pings(target, number)) },
    Flood { name: "404 pages", hands: 64, strike: |target, number| Box::pin(not_found(target, number)) },
    Flood { name: "large heads", hands: 16, strike: |target, number| Box::pin(large_head(target, number)) },
    Flood { name: "aborted requests", hands: 32, strike: |target, number| Box::pin(abort(target, number)) },
];

/// The server that is flooded, with what an attacker has prepared.
#[derive(Clone)]
pub struct Target(Arc<Prepared>);

struct Prepared {
    address: SocketAddr,
    cookies: Vec<String>,
    next: AtomicU64,
}

impl Target {
    /// The attacker has an account and five sessions.
    pub async fn prepare(address: SocketAddr) -> Self {
        let sign_up = post("/api/signup", "", &[("username", "Mallory"), ("password", PASSWORD)]);
        assert_eq!(ask(ATTACKER, address, &sign_up).await.unwrap().status(), 200);
        let mut cookies = Vec::new();
        for _ in 0..5 {
            cookies.push(session(ATTACKER, address).await);
        }
        Self(Arc::new(Prepared { address, cookies, next: AtomicU64::new(0) }))
    }

    /// One that was never given before.
    pub fn number(&self) -> u64 {
        self.0.next.fetch_add(1, Ordering::Relaxed)
    }

    async fn ask(&self, request: &str) -> io::Result<Answer> {
        ask(ATTACKER, self.0.address, request).await
    }

    async fn connect(&self) -> io::Result<tokio::net::TcpStream> {
        connect_from(ATTACKER, self.0.address).await
    }

    /// An HTTP/2 connection with such a window for each answer.
    async fn connect_2(&self, window: u32) -> io::Result<SendRequest<Bytes>> {
        let stream = self.connect().await?;
        let mut builder = client::Builder::new();
        let (requests, connection) =
            builder.initial_window_size(window).handshake(stream).await.map_err(io::Error::other)?;
        // It ends with its requests.
        tokio::spawn(connection);
        requests.ready().await.map_err(io::Error::other)
    }
}

fn page_2() -> Request<()> {
    let mut request = Request::new(());
    *request.uri_mut() = "http://localhost/login".parse().unwrap();
    request
}

async fn sign_up(target: Target, number: u64) -> io::Result<()> {
    let fields = [("username", &*format!("user-{number}")), ("password", PASSWORD)];
    target.ask(&post("/api/signup", "", &fields)).await.map(drop)
}

async fn log_in(target: Target, _: u64) -> io::Result<()> {
    target.ask(&post("/api/login", "", &[("username", "Mallory"), ("password", PASSWORD)])).await.map(drop)
}

async fn guess(target: Target, number: u64) -> io::Result<()> {
    let fields = [("username", &*format!("victim-{}", number % 100)), ("password", "not the password at all")];
    target.ask(&post("/api/login", "", &fields)).await.map(drop)
}

async fn put(target: Target, _: u64) -> io::Result<()> {
    target.ask(&post("/api/values/put", "", &[("name", "lab-flood"), ("value", &"x".repeat(60_000))])).await.map(drop)
}

async fn listen(target: Target, number: u64) -> io::Result<()> {
    let mut stream = target.connect().await?;
    let cookie = &target.0.cookies[number as usize % target.0.cookies.len()];
    let request = get("/lab/events").replace("\r\n\r\n", &format!("\r\nCookie: {cookie}\r\n\r\n"));
    stream.write_all(request.as_bytes()).await?;
    if Answer(head(&mut stream).await?).status() == 200 {
        copy(&mut stream, &mut sink()).await?;
    }
    Ok(())
}

async fn slow_head(target: Target, _: u64) -> io::Result<()> {
    let mut stream = target.connect().await?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n").await?;
    loop {
        stream.write_all(b"X: a\r\n").await?;
        sleep(Duration::from_millis(200)).await;
    }
}

async fn slow_body(target: Target, _: u64) -> io::Result<()> {
    let mut stream = target.connect().await?;
    stream
        .write_all(
            b"POST /api/login HTTP/1.1\r\nHost: localhost\r\n\
              Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n",
        )
        .await?;
    loop {
        stream.write_all(b"a").await?;
        sleep(Duration::from_millis(200)).await;
    }
}

async fn slow_reader(target: Target, _: u64) -> io::Result<()> {
    let mut stream = connect_narrowly_from(ATTACKER, target.0.address).await?;
    stream.write_all(get("/").repeat(300).as_bytes()).await?;
    pending().await
}

async fn slow_reader_2(target: Target, _: u64) -> io::Result<()> {
    let mut requests = target.connect_2(1).await?;
    let mut answers = Vec::new();
    for _ in 0..100 {
        let (answer, _) = requests.send_request(page_2(), true).map_err(io::Error::other)?;
        answers.push(answer);
    }
    pending().await
}

async fn pages_2(target: Target, _: u64) -> io::Result<()> {
    let mut requests = target.connect_2(1 << 20).await?;
    let mut answers = Vec::new();
    for _ in 0..100 {
        let (answer, _) = requests.send_request(page_2(), true).map_err(io::Error::other)?;
        answers.push(answer);
    }
    for answer in answers {
        let mut body = answer.await.map_err(io::Error::other)?.into_body();
        while let Some(data) = body.data().await {
            let length = data.map_err(io::Error::other)?.len();
            body.flow_control().release_capacity(length).map_err(io::Error::other)?;
        }
    }
    Ok(())
}

/// The client's preface with empty settings (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// A frame (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A request for `/` in HEADERS that end it (RFC 9113 §6.2; its fields as RFC 7541 has them).
fn headers(stream: u32) -> Vec<u8> {
    frame(1, 0b101, stream, b"\x82\x86\x84\x41\x09localhost")
}

/// Sends such frames for as long as they are taken, and reads what comes back.
async fn send_frames(target: Target, mut next: impl FnMut() -> Vec<u8> + Send) -> io::Result<()> {
    let (mut from, mut to) = target.connect().await?.into_split();
    to.write_all(PREFACE).await?;
    let mut unread = sink();
    tokio::select! {
        ended = copy(&mut from, &mut unread) => ended.map(drop),
        ended = async { loop { if let Err(error) = to.write_all(&next()).await { return error } } } => Err(ended),
    }
}

/// Requests that are taken back at once (CVE-2023-44487).
async fn resets(target: Target, _: u64) -> io::Result<()> {
    const CANCEL: [u8; 4] = [0, 0, 0, 8];
    let mut streams = (1..).step_by(2);
    let pair = move || {
        let stream = streams.next().unwrap_or(u32::MAX);
        [headers(stream), frame(3, 0, stream, &CANCEL)].concat()
    };
    send_frames(target, pair).await
}

/// Frames that only ask to be answered (CVE-2019-9512), after one request.
async fn pings(target: Target, _: u64) -> io::Result<()> {
    let pings = frame(6, 0, 0, b"attacked").repeat(500);
    let mut request = Some(headers(1));
    send_frames(target, move || request.take().unwrap_or_else(|| pings.clone())).await
}

async fn not_found(target: Target, number: u64) -> io::Result<()> {
    let path = format!("/no-such-page-{number}");
    target.ask(&get_and_close(&path)).await.map(drop)
}

async fn large_head(target: Target, number: u64) -> io::Result<()> {
    // One passes, the next is too large.
    let length = if number.is_multiple_of(2) { 31 * 1024 } else { 48 * 1024 };
    let field = format!("\r\nConnection: close\r\nX-Padding: {}\r\n\r\n", "a".repeat(length));
    target.ask(&get("/login").replace("\r\n\r\n", &field)).await.map(drop)
}

async fn abort(target: Target, number: u64) -> io::Result<()> {
    let request = match number % 3 {
        0 => get("/login"),
        1 => post("/api/login", "", &[("username", "Mallory"), ("password", PASSWORD)]),
        _ => post("/api/values/put", &target.0.cookies[0], &[("name", "lab-flood"), ("value", "1")]),
    };
    let mut stream = target.connect().await?;
    stream.write_all(request.as_bytes()).await?;
    sleep(Duration::from_micros(number * 37 % 3_000)).await;
    Ok(())
}
