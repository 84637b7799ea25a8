//! How it starts and stops.

use super::{ANY_PORT, Process, command};
use crate::support::{Database, Kind};
use std::{
    io::{Read, Write},
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

fn refusal(arguments: &[&str]) -> String {
    let output = command(arguments).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_asked_to_stop_finishes_the_open_request() {
    let database = Database::new(Kind::Sqlite).await;
    let mut server = Process::start(&database);
    let mut stream = server.connect();
    let body = "username=Ada&password=correct+horse+battery+staple";
    write!(
        stream,
        "POST /api/signup HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
        body.len(),
        &body[..10]
    )
    .unwrap();
    // The server must have read the head before it is told to stop.
    thread::sleep(Duration::from_millis(200));
    let stopping = thread::spawn(move || {
        let status = server.terminate();
        (status, server)
    });
    thread::sleep(Duration::from_millis(200));
    stream.write_all(&body.as_bytes()[10..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (status, server) = stopping.join().unwrap();
    assert!(status.success() && server.log().contains("stopped"), "{}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_has_written_a_line_for_each_answer() {
    let database = Database::new(Kind::Sqlite).await;
    let mut server = Process::start(&database);
    for _ in 0..500 {
        assert_eq!(server.call("GET", "/robots.txt", &[]).unwrap().0, 200);
    }
    assert!(server.terminate().success());
    let log = server.log();
    assert_eq!(log.lines().filter(|line| line.contains("/robots.txt") && line.contains("answered")).count(), 500);
    assert!(log.trim_end().lines().last().is_some_and(|line| line.contains("stopped")), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_descriptors_is_raised_to_what_is_allowed_and_told() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start_under("ulimit -Sn 300 && ulimit -Hn 1000", &database, &[]);
    server.wait_for_log("limit=\"1000\" connections=468");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    assert_eq!(line.split_whitespace().nth(3), Some("1000"), "the soft limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_does_not_end_holds_up_the_stop_for_ten_seconds_at_most() {
    let database = Database::new(Kind::Sqlite).await;
    let mut server = Process::start(&database);
    let mut stream = server.connect();
    write!(stream, "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n").unwrap();
    thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    let status = server.terminate();
    let took = began.elapsed();
    assert!(status.success() && server.log().contains("stopped"), "{}", server.log());
    assert!((Duration::from_secs(9)..Duration::from_secs(15)).contains(&took), "{took:?}");
}

#[test]
fn a_wrong_option_is_refused_with_the_reason() {
    assert!(refusal(&["--idle-timeout", "13h"]).contains("--idle-timeout 13h is longer than --absolute-timeout 12h"));
    assert!(refusal(&["--database-url", "mysql://x"]).contains("it starts with sqlite:// or postgres://"));
    assert!(refusal(&["--idle-timeout", "soon"]).contains("write it as 30m"));
    for proxy in ["localhost", "1.2.3", "10.0.0.0/33", "", "127.0.0.1,", "10.0.0.1:80"] {
        let words = refusal(&["--trusted-proxy", proxy]);
        assert!(
            words.contains("--trusted-proxy") && words.contains("write it as an address, 10.0.0.1, or a network"),
            "{words}"
        );
    }
}

#[test]
fn a_database_that_cannot_be_opened_is_told_with_the_cause() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let url = format!("sqlite://{}/file/test.db", folder.path().display());
    let reason = refusal(&["--database-url", &url]);
    assert!(reason.contains("cannot open the database") && reason.contains("Check --database-url"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told_with_the_way_out() {
    let database = Database::new(Kind::Sqlite).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let reason = refusal(&["--addr", &address, "--database-url", &database.url]);
    assert!(reason.contains(&format!("cannot listen on {address}")) && reason.contains("--addr"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_beyond_this_machine_is_warned_of() {
    let database = Database::new(Kind::Sqlite).await;
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let warned = |address, options: &[&str]| {
        Process::start_at(address, &database, options).stopped_log().contains("plain HTTP beyond this machine")
    };
    assert!(warned(everywhere, &[]));
    assert!(!warned(everywhere, &["--tls", "self-signed"]));
    assert!(!warned(everywhere, &["--trusted-proxy", "10.0.0.0/8"]), "the proxy has the certificate");
    assert!(!warned(ANY_PORT, &[]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_named_in_its_ipv6_form_is_believed() {
    for proxy in ["::ffff:127.0.0.1", "::ffff:127.0.0.0/104"] {
        let database = Database::new(Kind::Sqlite).await;
        let server = Process::start_with(&database, &["--trusted-proxy", proxy]);
        let form = "username=Ada&password=correct+horse+battery+staple";
        let mut stream = server.connect();
        write!(
            stream,
            "POST /api/signup HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Forwarded-For: [::ffff:198.51.100.7]:80\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        server.wait_for_log("address=\"198.51.100.7\"");
    }
}
