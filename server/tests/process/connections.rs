//! How many connections and event streams a network may hold, and which connections are kept.

use super::Process;
use crate::support::{
    Database, Kind,
    socket::{
        ATTACKER, Answer, BYSTANDER, ask, connect_from, connect_narrowly_from, get, get_and_close, head, post, session,
    },
};
use app::bench::Travelled;
use axum::http::Request;
use h2::{Ping, client};
use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

const OTHER_ATTACKERS: [Ipv4Addr; 2] = [Ipv4Addr::new(127, 0, 0, 4), Ipv4Addr::new(127, 0, 0, 5)];
/// A minute is more than any of them lasts.
const TOO_LONG: Duration = Duration::from_secs(60);

/// The status of a page; 0 when the connection is closed instead.
async fn page(client: Ipv4Addr, server: SocketAddr) -> u16 {
    let Ok(mut stream) = connect_from(client, server).await else { return 0 };
    let _ = stream.write_all(get("/healthz").as_bytes()).await;
    head(&mut stream).await.map_or(0, |head| Answer(head).status())
}

/// Connections that are known to be taken: each has asked for something.
async fn hold(client: Ipv4Addr, server: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for _ in 0..count {
        let mut stream = connect_from(client, server).await.unwrap();
        stream.write_all(get("/healthz").as_bytes()).await.unwrap();
        assert!(head(&mut stream).await.unwrap().starts_with("HTTP/1.1 200"));
        held.push(stream);
    }
    held
}

fn descriptors(server: &Process) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.pid())).unwrap().count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_has_256_connections_and_is_told_so_while_another_is_served() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let held = hold(ATTACKER, server.address, 256).await;
    for _ in 0..3 {
        // Read to its end: the answer is not cut short by a reset.
        let answer = ask(ATTACKER, server.address, &get("/healthz")).await.unwrap();
        assert_eq!(answer.status(), 503);
        assert!(answer.0.contains("Retry-After: 2\r\nConnection: close\r\n"), "{answer:?}");
        assert_eq!(page(BYSTANDER, server.address).await, 200);
    }
    drop(held);
    let began = Instant::now();
    while page(ATTACKER, server.address).await != 200 {
        assert!(began.elapsed() < Duration::from_secs(5), "closed connections do not count");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_through_a_trusted_proxy_are_not_counted_as_the_proxys() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start_with(&database, &["--trusted-proxy", &ATTACKER.to_string()]);
    let _held = hold(ATTACKER, server.address, 300).await;
    assert_eq!(page(ATTACKER, server.address).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_connections_together_leave_descriptors_and_the_listener_goes_on() {
    let database = Database::new(Kind::Sqlite).await;
    // Half of those that are not reserved: 32 connections, 16 of one network.
    let server = Process::start_under("ulimit -n 128", &database, &[]);
    let mut held = hold(ATTACKER, server.address, 16).await;
    assert_eq!(page(ATTACKER, server.address).await, 503);
    held.extend(hold(OTHER_ATTACKERS[0], server.address, 16).await);
    assert_eq!(page(OTHER_ATTACKERS[1], server.address).await, 503);
    // As many again that only connect.
    let mut more = Vec::new();
    for _ in 0..200 {
        more.push(connect_from(OTHER_ATTACKERS[1], server.address).await.unwrap());
    }
    assert!(descriptors(&server) < 128, "{}", descriptors(&server));
    drop((held, more));
    let began = Instant::now();
    while page(BYSTANDER, server.address).await != 200 {
        assert!(began.elapsed() < Duration::from_secs(5), "{}", server.log());
    }
    let log = server.stopped_log();
    assert!(!log.contains("no connection can be taken"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn past_the_limit_a_client_that_speaks_tls_is_hung_up_on() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start_under("ulimit -n 128", &database, &["--tls", "self-signed"]);
    let mut held = Vec::new();
    for _ in 0..16 {
        held.push(connect_from(ATTACKER, server.address).await.unwrap());
    }
    let mut refused = connect_from(ATTACKER, server.address).await.unwrap();
    let mut rest = Vec::new();
    timeout(Duration::from_secs(5), refused.read_to_end(&mut rest)).await.unwrap().unwrap();
    assert!(rest.is_empty(), "no plain answer for who speaks TLS");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_http_2_client_that_only_answers_pings_is_dropped_and_one_that_listens_is_kept() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let cookie = session(BYSTANDER, server.address).await;

    let (mut listening, connection) =
        client::handshake(connect_from(BYSTANDER, server.address).await.unwrap()).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get("http://localhost/lab/events").header("cookie", &cookie).body(()).unwrap();
    let (answer, _) = listening.send_request(request, true).unwrap();
    let mut events = answer.await.unwrap().into_body();

    let (mut pinging, mut connection) =
        client::handshake(connect_from(ATTACKER, server.address).await.unwrap()).await.unwrap();
    let mut pings = connection.ping_pong().unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::get("http://localhost/healthz").body(()).unwrap();
    let (answer, _) = pinging.send_request(request, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
    let began = Instant::now();
    while pings.ping(Ping::opaque()).await.is_ok() {
        assert!(began.elapsed() < TOO_LONG, "it is still served");
        sleep(Duration::from_millis(200)).await;
    }
    assert!((28..40).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    assert!(connection.await.unwrap().is_err() || pinging.ready().await.is_err());

    // The stream of events has lived for longer, and hears what happens now.
    let put = post("/api/values/put", &cookie, &[("name", "lab-bed"), ("value", "2")]);
    assert_eq!(ask(BYSTANDER, server.address, &put).await.unwrap().status(), 200);
    let mut heard = String::new();
    while !heard.contains("event: values") {
        let piece = timeout(Duration::from_secs(5), events.data()).await.unwrap().unwrap().unwrap();
        heard.push_str(std::str::from_utf8(&piece).unwrap());
    }
}

/// Many pages are asked for, and none is read for 45 s: how many bytes are there then, before the connection ends.
async fn unread_http_1(server: SocketAddr) -> usize {
    let mut stream = connect_narrowly_from(ATTACKER, server).await.unwrap();
    stream.write_all(get("/").repeat(400).as_bytes()).await.unwrap();
    sleep(Duration::from_secs(45)).await;
    let mut read = 0;
    let mut piece = vec![0; 64 * 1024];
    while let Ok(Ok(bytes @ 1..)) = timeout(Duration::from_secs(5), stream.read(&mut piece)).await {
        read += bytes;
    }
    read
}

/// A page is asked for by HTTP/2 and taken in pieces of so many bytes, with so long a pause before each: its length, or
/// `None` when the connection ended before, and how long it took.
async fn slowly_by_http_2(server: SocketAddr, piece: u32, pause: Duration) -> (Option<usize>, Duration) {
    let began = Instant::now();
    let stream = connect_from(ATTACKER, server).await.unwrap();
    let (mut requests, connection) =
        client::Builder::new().initial_window_size(piece).handshake::<_, axum::body::Bytes>(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let (answer, _) = requests.send_request(Request::get("http://localhost/").body(()).unwrap(), true).unwrap();
    let mut body = answer.await.unwrap().into_body();
    let mut length = 0;
    while let Some(data) = body.data().await {
        let Ok(data) = data else {
            let _ = connection.await;
            return (None, began.elapsed());
        };
        length += data.len();
        tokio::select! {
            () = sleep(pause) => {}
            _ = async { while !connection.is_finished() { sleep(Duration::from_millis(100)).await } } => {
                return (None, began.elapsed());
            }
        }
        let _ = body.flow_control().release_capacity(data.len());
    }
    (Some(length), began.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_dropped_and_a_slow_one_gets_its_page() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let whole = ask(BYSTANDER, server.address, &get_and_close("/")).await.unwrap().0.len();
    let (unread, stalled, slow) = tokio::join!(
        unread_http_1(server.address),
        slowly_by_http_2(server.address, 1_024, TOO_LONG),
        slowly_by_http_2(server.address, 8 * 1_024, Duration::from_secs(6)),
    );
    assert!(unread < 400 * whole / 2, "{unread} bytes of 400 pages of {whole}: all were sent in the end");
    assert_eq!(stalled.0, None, "{stalled:?}");
    assert!((28..40).contains(&stalled.1.as_secs()), "{stalled:?}");
    assert!(slow.0.is_some(), "{slow:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_has_128_event_streams_and_another_network_is_told_all_the_same() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let listen = async |client, cookie: &str| {
        let mut stream = connect_from(client, server.address).await.unwrap();
        let request = get("/lab/events").replace("\r\n\r\n", &format!("\r\nCookie: {cookie}\r\n\r\n"));
        stream.write_all(request.as_bytes()).await.unwrap();
        let head = head(&mut stream).await.unwrap();
        (stream, head)
    };
    let mut streams = Vec::new();
    let mut cookies = Vec::new();
    for _ in 0..5 {
        cookies.push(session(ATTACKER, server.address).await);
    }
    for number in 0..128 {
        let (stream, head) = listen(ATTACKER, &cookies[number % 5]).await;
        assert!(head.starts_with("HTTP/1.1 200"), "{number}: {head}");
        streams.push(stream);
    }
    let (_, refused) = listen(ATTACKER, &cookies[4]).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 2"), "{refused}");
    let other = session(BYSTANDER, server.address).await;
    assert!(listen(BYSTANDER, &other).await.1.starts_with("HTTP/1.1 200"));
    drop(streams);
    let began = Instant::now();
    while !listen(ATTACKER, &cookies[4]).await.1.starts_with("HTTP/1.1 200") {
        assert!(began.elapsed() < Duration::from_secs(5), "closed streams do not count");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_port_finishes_its_open_request_before_the_server_stops() {
    let database = Database::new(Kind::Sqlite).await;
    let mut server = Process::start(&database);
    let (_, _, markers) = server.call("GET", "/lab/markers", &[]).unwrap();
    let port = serde_json::from_str::<Travelled>(&markers).unwrap().other_port.unwrap();
    let request = post("/api/values/put", "", &[("name", "lab-a"), ("value", "kept")]);
    let (most, rest) = request.split_at(request.len() - 2);
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(most.as_bytes()).await.unwrap();
    // The server must have read the head before it is told to stop.
    sleep(Duration::from_millis(200)).await;
    let stopping = tokio::task::spawn_blocking(move || (server.terminate(), server));
    sleep(Duration::from_millis(200)).await;
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (status, server) = stopping.await.unwrap();
    assert!(status.success() && server.log().contains("stopped"), "{}", server.log());
}
