//! Requests as they stand on the wire: what no client library would send.

use super::Process;
use crate::support::{Database, Kind};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// Sends bytes of which the last request closes the connection, and reads all that is answered.
fn answered(server: &Process, bytes: &str) -> String {
    let mut stream = server.connect();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A connection that was refused in the middle of a request may be reset.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// A head whose lines end as they should.
fn head(lines: &[&str]) -> String {
    lines.join("\r\n") + "\r\n\r\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_as_its_lines_say() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let long = "a".repeat(40_000);
    let long_target = format!("GET /?{long} HTTP/1.1");
    let long_field = format!("X: {long}");
    let host = "Host: localhost";
    let form = "Content-Type: application/x-www-form-urlencoded";
    for (lines, expected) in [
        // RFC 9112 §3.2
        (&["GET /healthz HTTP/1.1"][..], 400),
        (&["GET /healthz HTTP/1.1", host, host], 400),
        (&["GET /healthz HTTP/1.1", "Host: a b"], 400),
        (&["GET /healthz HTTP/1.1", "Host:"], 400),
        (&["GET /login HTTP/1.1", "Host: LOCALHOST.:3000"], 200),
        (&["GET /login HTTP/1.1", "Host: [::1]:3000"], 200),
        (&["GET /login HTTP/1.1", "Host: evil.example"], 421),
        (&["GET http://localhost/login HTTP/1.1", "Host: evil.example"], 200),
        (&["GET http://evil.example/login HTTP/1.1", host], 421),
        (&["GET http://localhost/login HTTP/1.1"], 400),
        (&["GET /healthz HTTP/1.0"], 200),
        (&["GET /login HTTP/1.0", "Host: evil.example"], 421),
        // RFC 9112 §3
        (&["OPTIONS * HTTP/1.1", host], 204),
        (&["CONNECT localhost:80 HTTP/1.1", host], 400),
        (&["TRACE /login HTTP/1.1", host], 405),
        (&["FOO /login HTTP/1.1", host], 501),
        (&["get /login HTTP/1.1", host], 501),
        (&["GET //login HTTP/1.1", host], 400),
        (&["GET /x/../login HTTP/1.1", host], 400),
        (&["GET /%6Cogin HTTP/1.1", host], 308),
        (&["GET /a b HTTP/1.1", host], 400),
        (&["GET /login HTTP/9.9", host], 400),
        (&["GET login HTTP/1.1", host], 400),
        (&[&long_target, host], 414),
        (&["GET /login HTTP/1.1", host, &long_field], 431),
        // RFC 9112 §5
        (&["GET /login HTTP/1.1", "Host : localhost"], 400),
        (&["GET /login HTTP/1.1", host, "X: a", " folded"], 400),
        (&["GET /login HTTP/1.1", host, "X\u{0}: a"], 400),
        (&["GET /login HTTP/1.1", host, "no colon"], 400),
        // RFC 9112 §6
        (&["POST /api/logout HTTP/1.1", host, "Content-Length: 0", "Content-Length: 0"], 200),
        (&["POST /api/logout HTTP/1.1", host, "Content-Length: 0", "Content-Length: 5"], 400),
        (&["POST /api/logout HTTP/1.1", host, "Content-Length: -1"], 400),
        (&["POST /api/logout HTTP/1.1", host, "Content-Length: +0"], 400),
        (&["POST /api/logout HTTP/1.1", host, "Transfer-Encoding: identity"], 400),
        (&["POST /api/logout HTTP/1.1", host, "Transfer-Encoding: chunked, gzip"], 400),
        (&["POST /api/logout HTTP/1.0", host, "Transfer-Encoding: chunked"], 400),
        // RFC 9110 §8.3, §8.4, §10.1.1; RFC 6454 §7.3
        (&["POST /api/logout HTTP/1.1", host, "Content-Encoding: gzip", form, "Content-Length: 0"], 415),
        (&["POST /api/logout HTTP/1.1", host, "Content-Type: text/plain", "Content-Length: 0"], 415),
        (&["POST /api/logout HTTP/1.1", host, form, form, "Content-Length: 0"], 400),
        (&["POST /api/logout HTTP/1.1", host, "Expect: more", "Content-Length: 0"], 417),
        (&["POST /api/logout HTTP/1.1", host, "Origin: null", "Content-Length: 0"], 403),
        (&["POST /api/logout HTTP/1.1", host, "Origin: http://localhost", "Origin: null", "Content-Length: 0"], 400),
    ] {
        let (start, fields) = lines.split_first().unwrap();
        let answer = answered(&server, &head(&[&[*start, "Connection: close"], fields].concat()));
        let shown = lines.join(" | ");
        assert_eq!(status(&answer), expected, "{:.200}: {answer:.500}", shown);
        // What hyper refuses by itself it refuses without a word.
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            expected < 400 || body.is_empty() || body.starts_with(r#"{"error":""#),
            "{:.200}: {answer:.500}",
            shown
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_two_readers_could_cut_in_two_ways_ends_its_connection() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let both = "POST /api/logout HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let answer =
        answered(&server, &format!("{both}GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "what follows is no request: {answer}");
    let coded = "POST /api/logout HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n";
    assert_eq!(status(&answered(&server, coded)), 501);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_waits_with_its_body_is_told_to_send_it_or_that_it_is_not_wanted() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let ask = |kind: &str| {
        let mut stream = server.connect();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let lines = ["POST /api/login HTTP/1.1", "Host: localhost", kind, "Content-Length: 21", "Expect: 100-Continue"];
        stream.write_all(head(&lines).as_bytes()).unwrap();
        let first = next_head(&mut stream);
        (stream, first)
    };
    let (mut stream, first) = ask("Content-Type: application/x-www-form-urlencoded");
    assert_eq!(first, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"username=a&password=b").unwrap();
    assert_eq!(status(&next_head(&mut stream)), 401);
    let (_, first) = ask("Content-Encoding: gzip");
    assert_eq!(status(&first), 415, "before anything is sent");
}

fn next_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_answered_without_a_body_and_a_refusal_leaves_the_connection_open() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let lines = |method: &str, path: &str| head(&[&format!("{method} {path} HTTP/1.1"), "Host: localhost"]);
    let all =
        [lines("HEAD", "/healthz"), lines("HEAD", "/no-such-page"), lines("PUT", "/login"), lines("GET", "/healthz")];
    let answer = answered(
        &server,
        &all.concat().replace("GET /healthz HTTP/1.1\r\n", "GET /healthz HTTP/1.1\r\nConnection: close\r\n"),
    );
    let statuses: Vec<_> = answer.split("HTTP/1.1 ").skip(1).map(|answer| answer[..3].to_owned()).collect();
    assert_eq!(statuses, ["200", "404", "405", "200"], "{answer}");
    assert!(answer.ends_with("\r\n\r\nok\n"), "{answer}");
}
