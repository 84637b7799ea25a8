//! What is measured for operators. Without `--metrics-addr` nothing records: each call here is then a look at one static.
//! `exporter` serves the numbers.

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use std::time::Instant;

const REQUESTS: &str = "http_requests_total";
pub(crate) const DURATION: &str = "http_request_duration_seconds";
const LOGINS: &str = "logins_total";
const SESSIONS: &str = "sessions_active";
const BENCH: &str = "bench_bytes";
const CLOCK: &str = "clock_ahead_seconds";
const HASHING: &str = "hashing_queue";
const CONNECTIONS: &str = "db_pool_connections";

/// How an attempt to log in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogIn {
    /// With a session.
    Success,
    /// The username and password do not go together.
    Wrong,
    /// There were too many attempts before it.
    Throttled,
    /// Too much hashing was waiting.
    Busy,
    /// A fault of ours, or the database did not answer.
    Failed,
}

impl LogIn {
    const ALL: [Self; 5] = [Self::Success, Self::Wrong, Self::Throttled, Self::Busy, Self::Failed];

    const fn label(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Wrong => "wrong",
            Self::Throttled => "throttled",
            Self::Busy => "busy",
            Self::Failed => "failed",
        }
    }
}

/// Counts an attempt to log in.
pub fn login(outcome: LogIn) {
    counter!(LOGINS, "outcome" => outcome.label()).increment(1);
}

/// Notes how many sessions live.
pub fn sessions_active(count: i64) {
    gauge!(SESSIONS).set(count as f64);
}

/// Notes how many bytes are kept for the bench.
pub fn bench_bytes(bytes: u64) {
    gauge!(BENCH).set(bytes as f64);
}

/// Notes by how much this machine's clock is ahead of the database's.
pub fn clock_ahead(seconds: i64) {
    gauge!(CLOCK).set(seconds as f64);
}

/// Notes how many password hashes wait for a thread, and how many are at work.
pub(crate) fn hashing(waiting: usize, working: usize) {
    gauge!(HASHING, "state" => "waiting").set(waiting as f64);
    gauge!(HASHING, "state" => "working").set(working as f64);
}

/// Notes how many connections to the database are idle, and how many are in use.
pub(crate) fn connections(idle: usize, used: usize) {
    gauge!(CONNECTIONS, "state" => "idle").set(idle as f64);
    gauge!(CONNECTIONS, "state" => "used").set(used as f64);
}

/// Tells the recorder what each number means, and begins the counters of log-ins at 0.
pub(crate) fn describe() {
    describe_counter!(REQUESTS, "Requests answered; a route that is none of the pages' and functions' is other");
    describe_histogram!(DURATION, Unit::Seconds, "Time until the head of the answer");
    describe_counter!(LOGINS, "Attempts to log in");
    describe_gauge!(SESSIONS, "Sessions that live, counted once a minute");
    describe_gauge!(BENCH, Unit::Bytes, "Bytes kept for the bench, counted once a minute");
    describe_gauge!(CLOCK, Unit::Seconds, "How far this machine's clock is ahead of the database's, by the minute");
    describe_gauge!(HASHING, "Password hashes that wait for a thread, and those at work");
    describe_gauge!(CONNECTIONS, "Open connections to the database");
    for outcome in LogIn::ALL {
        counter!(LOGINS, "outcome" => outcome.label()).increment(0);
    }
}

/// Counts a request and the time to its answer, under the route that matched: a raw path would be a new series for
/// whatever a client makes up.
pub async fn measure(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = method_label(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let answer = next.run(request).await;
    let status = answer.status().as_str().to_owned();
    histogram!(DURATION, "route" => route.clone()).record(began.elapsed());
    counter!(REQUESTS, "method" => method, "route" => route, "status" => status).increment(1);
    answer
}

/// The method as a label: a client may make up methods too.
fn method_label(method: &Method) -> &'static str {
    const KNOWN: [Method; 7] =
        [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    const LABELS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.iter().position(|known| known == method).and_then(|at| LABELS.get(at)).copied().unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_a_client_made_up_is_no_series_of_its_own() {
        assert_eq!(method_label(&Method::DELETE), "DELETE");
        assert_eq!(method_label(&Method::from_bytes(b"BREW").unwrap()), "other");
    }
}
