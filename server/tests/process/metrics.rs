//! The numbers for operators, on their own address.

use super::{Process, command};
use crate::support::{Database, Kind, PASSWORD};
use std::{net::SocketAddr, thread, time::Duration};

fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent.get(format!("http://{address}{path}")).call().unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

/// The value of a series, spelled as it is served.
fn value(scraped: &str, series: &str) -> Option<f64> {
    scraped.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_counted_by_route_and_never_by_path() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start_with(&database, &["--metrics-addr", "127.0.0.1:0"]);
    let metrics = server.metrics_address();
    let pages = r#"http_requests_total{method="GET",route="/login",status="200"}"#;
    let before = get(metrics, "/metrics").1;
    assert_eq!(value(&before, pages), None);
    assert_eq!(value(&before, r#"logins_total{outcome="success"}"#), Some(0.0));

    for _ in 0..3 {
        assert_eq!(server.call("GET", "/login", &[]).unwrap().0, 200);
    }
    assert_eq!(server.call("GET", "/made-up-by-a-client", &[]).unwrap().0, 404);
    let fields = [("username", "Ada"), ("password", PASSWORD)];
    assert_eq!(server.call("POST", "/api/signup", &fields).unwrap().0, 200);
    let after = get(metrics, "/metrics").1;
    assert_eq!(value(&after, pages), Some(3.0));
    assert_eq!(value(&after, r#"http_request_duration_seconds_count{route="/login"}"#), Some(3.0));
    assert_eq!(value(&after, r#"http_request_duration_seconds_bucket{route="/login",le="30"}"#), Some(3.0));
    assert_eq!(value(&after, r#"http_requests_total{method="GET",route="other",status="404"}"#), Some(1.0));
    assert!(!after.contains("made-up"), "{after}");
    for series in ["sessions_active", r#"hashing_queue{state="waiting"}"#, r#"hashing_queue{state="working"}"#] {
        assert_eq!(value(&after, series), Some(0.0), "{series}");
    }
    let rest = (0..100).any(|_| {
        let scraped = get(metrics, "/metrics").1;
        let connections = |state| value(&scraped, &format!("db_pool_connections{{state=\"{state}\"}}")).unwrap();
        thread::sleep(Duration::from_millis(20));
        connections("idle") >= 2.0 && connections("used") == 0.0
    });
    assert!(rest, "a reader and a writer are open, and nobody uses them");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_counted_by_the_sweeper() {
    let database = Database::new(Kind::Sqlite).await;
    let mut first = Process::start(&database);
    let fields = [("username", "Ada"), ("password", PASSWORD)];
    first.call("POST", "/api/signup", &fields).unwrap();
    first.call("POST", "/api/login", &fields).unwrap();
    first.terminate();
    let second = Process::start_with(&database, &["--metrics-addr", "127.0.0.1:0"]);
    let metrics = second.metrics_address();
    let counted = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(20));
        value(&get(metrics, "/metrics").1, "sessions_active") == Some(1.0)
    });
    assert!(counted);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_and_the_app_keep_to_their_own_addresses() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start_with(&database, &["--metrics-addr", "127.0.0.1:0"]);
    let metrics = server.metrics_address();
    for path in ["/", "/login", "/healthz", "/api/whoami"] {
        assert_eq!(get(metrics, path).0, 404, "{path}");
    }
    assert_eq!(server.call("GET", "/metrics", &[]).unwrap().0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_for_the_numbers_that_is_taken_is_told_with_the_way_out() {
    let database = Database::new(Kind::Sqlite).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let arguments = ["--addr", "127.0.0.1:0", "--metrics-addr", &address, "--database-url", &database.url];
    let output = command(&arguments).output().unwrap();
    let reason = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && reason.contains("Choose another with --metrics-addr"), "{reason}");
}
