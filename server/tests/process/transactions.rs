//! Clients that hang up while the database is far away.

use super::Process;
use crate::support::{Database, Kind};
use sqlx::{Connection, Executor, PgConnection, Row, query};
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

async fn count(database: &mut PgConnection, sql: &'static str) -> i64 {
    query(sql).fetch_one(database).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_leave_no_transaction_open_and_no_answered_write_is_lost() {
    let database = Database::new(Kind::Postgres).await;
    let (user, place) = database.url.strip_prefix("postgres://").unwrap().split_once('@').unwrap();
    let (host, name) = place.split_once('/').unwrap();
    let far = Database::at(format!("postgres://{user}@{}/{name}", delayed(host.to_owned())));
    let server = Process::start(&far);
    let ada = [("username", "Ada"), ("password", "correct horse battery staple")];
    assert_eq!(server.call("POST", "/api/signup", &ada).unwrap().0, 200);
    let body = "username=Ada&password=correct+horse+battery+staple";
    let head = "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded";
    let log_in = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (server, log_in) = (&server, &log_in);
            scope.spawn(move || {
                for round in 0..DROPPED / CLIENTS {
                    let mut stream = server.connect();
                    stream.write_all(log_in.as_bytes()).unwrap();
                    // At any moment of the first 60 ms.
                    thread::sleep(Duration::from_micros(u64::from((round * 6_151 + client * 2_503) % 60_000)));
                }
            });
        }
    });
    let mut answered = Vec::new();
    for number in 0..60 {
        let name = format!("user-{number}");
        let fields = [("username", name.as_str()), ("password", "correct horse battery staple")];
        if server.call("POST", "/api/signup", &fields).unwrap().0 == 200 {
            answered.push(name);
        }
    }
    assert!(answered.len() > 50, "{} sign-ups were answered", answered.len());
    let mut direct = PgConnection::connect(&database.url).await.unwrap();
    // What was under way when the last client went is done by then: no transaction takes as long.
    thread::sleep(Duration::from_secs(1));
    let open = count(
        &mut direct,
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
    );
    assert_eq!(open.await, 0, "transactions are open that nobody will end");
    let rows = direct.fetch_all("SELECT username FROM users").await.unwrap();
    let kept: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let lost: Vec<_> = answered.iter().filter(|name| !kept.contains(name)).collect();
    assert!(lost.is_empty(), "answered and not kept: {lost:?}");
}
