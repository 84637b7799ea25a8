//! What one connection may cost.

use super::Process;
use crate::support::{Database, Kind};
use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

/// Sends the head of a request and reads the status line of the answer.
fn status_of(stream: &mut TcpStream, head: &str) -> String {
    stream.write_all(head.as_bytes()).unwrap();
    answer_of(stream)
}

/// Reads an answer, of which the status line is told.
fn answer_of(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    let head = String::from_utf8(answer).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    stream.read_exact(&mut vec![0; length]).unwrap();
    head[..12].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_large_is_answered_431() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let request = |fields: &str| format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n");
    let one = |length| format!("X-Padding: {}\r\n", "a".repeat(length));
    let many = |count| "X-Padding: a\r\n".repeat(count);
    assert_eq!(status_of(&mut server.connect(), &request(&one(16_000))), "HTTP/1.1 200");
    assert_eq!(status_of(&mut server.connect(), &request(&one(40_000))), "HTTP/1.1 431");
    assert_eq!(status_of(&mut server.connect(), &request(&many(90))), "HTTP/1.1 200");
    assert_eq!(status_of(&mut server.connect(), &request(&many(110))), "HTTP/1.1 431");
}

/// The head of a request, so many bytes long.
fn head_of(bytes: usize) -> String {
    let (start, end) = ("GET /healthz HTTP/1.1\r\nHost: localhost\r\nCookie: ", "\r\n\r\n");
    format!("{start}{}{end}", "a".repeat(bytes - start.len() - end.len()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_of_32_kib_passes_in_whatever_pieces_it_comes_and_one_byte_more_does_not() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let (passes, refused) = (head_of(32 * 1024), head_of(32 * 1024 + 1));
    for piece in [1_000, 5_000, 20_000, 33_000] {
        // Connections that have read much before, too, which read larger pieces.
        let mut stream = server.connect();
        for (head, expected) in [(&passes, "HTTP/1.1 200"), (&refused, "HTTP/1.1 431"), (&passes, "HTTP/1.1 200")] {
            let (most, last) = head.split_at(head.len() - 1);
            for part in most.as_bytes().chunks(piece) {
                stream.write_all(part).unwrap();
                thread::sleep(Duration::from_millis(2));
            }
            stream.write_all(last.as_bytes()).unwrap();
            assert_eq!(answer_of(&mut stream), expected, "{} bytes, {piece} at once", head.len());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_says_nothing_or_says_it_slowly_is_dropped() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let began = Instant::now();
    let silent = server.connect();
    let mut slow = server.connect();
    slow.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
    let mut idle = server.connect();
    assert_eq!(status_of(&mut idle, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), "HTTP/1.1 200");
    let mut drip = slow.try_clone().unwrap();
    thread::spawn(move || {
        while drip.write_all(b"X: a\r\n").is_ok() {
            thread::sleep(Duration::from_secs(1))
        }
    });
    for mut stream in [silent, slow, idle] {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut rest = Vec::new();
        // Closed, or reset because more had come in.
        let end = stream.read_to_end(&mut rest).map_err(|error| error.kind());
        assert!(matches!(end, Ok(_) | Err(std::io::ErrorKind::ConnectionReset)), "{end:?}");
    }
    let took = began.elapsed();
    assert!((Duration::from_secs(9)..Duration::from_secs(18)).contains(&took), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_a_byte_a_second_is_given_up_after_the_time_limit() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let began = Instant::now();
    let mut stream = server.connect();
    stream.write_all(b"POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200\r\n\r\n").unwrap();
    let mut drip = stream.try_clone().unwrap();
    thread::spawn(move || {
        while drip.write_all(b"a").is_ok() {
            thread::sleep(Duration::from_secs(1));
        }
    });
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 503");
    // The rest of the body is not waited for either.
    let end = stream.read_to_end(&mut Vec::new()).map_err(|error| error.kind());
    assert!(matches!(end, Ok(_) | Err(std::io::ErrorKind::ConnectionReset)), "{end:?}");
    let took = began.elapsed();
    assert!((Duration::from_secs(29)..Duration::from_secs(40)).contains(&took), "{took:?}");
}
