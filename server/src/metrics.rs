//! Numbers for operators, in Prometheus' text format on an address of their own. Without `--metrics-addr` nothing
//! records: each call here is then a look at one static.

use crate::{
    accounts::{Hasher, HashingLoad},
    store::{Connections, Store},
};
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::{Duration, Instant};
use tokio::time;

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
const LOGINS: &str = "logins_total";
const SESSIONS: &str = "sessions_active";
const BENCH: &str = "bench_bytes";
const CLOCK: &str = "clock_ahead_seconds";
const HASHING: &str = "hashing_queue";
const CONNECTIONS: &str = "db_pool_connections";

/// Upper bounds of the histogram's buckets, in seconds: from a file to a request at its time limit.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];
/// How often what was measured is folded into the buckets, so that it does not pile up where nobody scrapes.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

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

/// A client may make up a method as well.
fn method_label(method: &Method) -> &'static str {
    const KNOWN: [Method; 7] =
        [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    const LABELS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.iter().position(|known| known == method).and_then(|at| LABELS.get(at)).copied().unwrap_or("other")
}

/// The recorder, and what is looked at only when somebody scrapes.
#[derive(Clone)]
pub struct Exporter {
    recorder: PrometheusHandle,
    store: Store,
    hasher: Hasher,
}

impl Exporter {
    /// Starts recording, once in a process.
    ///
    /// # Errors
    /// When something records already.
    pub fn install(store: Store, hasher: Hasher) -> Result<Self, BuildError> {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(DURATION.into()), &BUCKETS)?
            .install_recorder()?;
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
        Ok(Self { recorder, store, hasher })
    }

    /// `/metrics` and nothing else.
    pub fn router(&self) -> Router {
        Router::new().route("/metrics", get(scrape)).with_state(self.clone())
    }

    /// Keeps what was measured small, for ever.
    pub async fn keep_up(self) {
        let mut every = time::interval(UPKEEP_EVERY);
        loop {
            every.tick().await;
            self.recorder.run_upkeep();
        }
    }
}

async fn scrape(State(exporter): State<Exporter>) -> Response {
    let HashingLoad { waiting, working } = exporter.hasher.load();
    gauge!(HASHING, "state" => "waiting").set(waiting as f64);
    gauge!(HASHING, "state" => "working").set(working as f64);
    let Connections { idle, used } = exporter.store.connections();
    gauge!(CONNECTIONS, "state" => "idle").set(idle as f64);
    gauge!(CONNECTIONS, "state" => "used").set(used as f64);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], exporter.recorder.render()).into_response()
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
