//! Clients that hang up while the database is far away.

use super::Process;
use crate::support::{Database, Kind};
use sqlx::{Connection, PgConnection, Row, query};
use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

/// How long each packet takes to the database and back.
const DELAY: Duration = Duration::from_millis(6);
/// Log-ins that are dropped, by so many clients at once.
const DROPPED: u32 = 2_400;
const CLIENTS: u32 = 24;
/// Sessions that are written to afterwards: more than the server has connections.
const SESSIONS: usize = 24;

/// Stands before a server and hands on what comes, late. Goes on until the test's process ends.
fn delayed(server: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(server) = TcpStream::connect(&server) else { return };
            for (from, to) in [(&client, &server), (&server, &client)] {
                let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                to.set_nodelay(true).unwrap();
                thread::spawn(move || hand_on(from, to));
            }
        }
    });
    address
}

fn hand_on(mut from: TcpStream, mut to: TcpStream) {
    let mut bytes = [0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        thread::sleep(DELAY);
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

/// A log-in under a name and from an address that no other has, so that none of them must wait.
fn log_in(client: u32, round: u32) -> String {
    let body = format!("username=user-{client}-{round}&password=correct+horse+battery+staple");
    format!(
        "POST /api/login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.0.{client}.{round}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_leave_no_transaction_open_and_no_answered_write_is_lost() {
    let database = Database::new(Kind::Postgres).await;
    let (user, place) = database.url.strip_prefix("postgres://").unwrap().split_once('@').unwrap();
    let (host, name) = place.split_once('/').unwrap();
    let far = Database::at(format!("postgres://{user}@{}/{name}", delayed(host.to_owned())));
    let server = Process::start_with(&far, &["--trusted-proxy", "127.0.0.1"]);
    let sessions: Vec<_> = (0..SESSIONS)
        .map(|_| {
            let (status, line, _) =
                server.call("POST", "/api/values/put", &[("name", "lab-a"), ("value", "1")]).unwrap();
            assert_eq!(status, 200);
            line.split(';').next().unwrap().to_owned()
        })
        .collect();
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let server = &server;
            scope.spawn(move || {
                for round in 0..DROPPED / CLIENTS {
                    let mut stream = server.connect();
                    stream.write_all(log_in(client, round).as_bytes()).unwrap();
                    // At any moment of the first 80 ms.
                    thread::sleep(Duration::from_micros(u64::from((round * 6_151 + client * 2_503) % 80_000)));
                }
            });
        }
    });
    // What was under way when the last client went is done by then: no transaction takes as long.
    thread::sleep(Duration::from_secs(1));
    // A single statement each, which within a transaction that nobody knows of would be answered and never committed.
    let cleared = |session: &String| server.call_as(session, "POST", "/api/values/clear", &[]).unwrap().0 == 200;
    assert!(sessions.iter().all(cleared));
    let mut direct = PgConnection::connect(&database.url).await.unwrap();
    let mut count = async |sql: &'static str| query(sql).fetch_one(&mut direct).await.unwrap().get::<i64, _>(0);
    assert_eq!(count("SELECT COUNT(*) FROM session_values").await, 0, "answered and not kept");
    let open = "SELECT COUNT(*) FROM pg_stat_activity \
                WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    assert_eq!(count(open).await, 0, "transactions are open that nobody will end");
}
