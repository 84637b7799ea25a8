//! Clients that hang up in the middle.

use super::Process;
use crate::support::{Database, Kind};
use std::{io::Write, thread, time::Duration};

#[tokio::test(flavor = "multi_thread")]
async fn a_load_of_aborted_requests_leaves_no_panic_in_the_log() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let body = "username=nobody&password=correct+horse+battery+staple";
    let requests = [
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET /account HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET /login HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n".to_owned(),
        "POST /api/observe HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".to_owned(),
        format!(
            "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
        "POST /api/values/put HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nname=lab".to_owned(),
    ];
    thread::scope(|scope| {
        for worker in 0..4_u64 {
            let (server, requests) = (&server, &requests);
            scope.spawn(move || {
                for round in 0..80_u64 {
                    for request in requests {
                        let mut stream = server.connect();
                        stream.write_all(request.as_bytes()).unwrap();
                        // Hang up at once, or a little into the work.
                        thread::sleep(Duration::from_micros((round * 37 + worker * 11) % 1_500));
                    }
                }
            });
        }
    });
    // Until the server has noticed who hung up, this network may have as many connections as it may.
    let answers = (0..100).any(|_| {
        let answer = server.call("GET", "/", &[]);
        thread::sleep(Duration::from_millis(100));
        answer.is_some_and(|(status, ..)| status == 200)
    });
    let log = server.stopped_log();
    let panics: Vec<_> = log.lines().filter(|line| line.contains("panicked at")).take(5).collect();
    assert!(panics.is_empty(), "{}", panics.join("\n"));
    assert!(answers, "the server still answers");
}
