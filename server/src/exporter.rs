//! Serves the numbers for operators in Prometheus' text format, on an address of their own.

use crate::{
    accounts::{Hasher, HashingLoad},
    http::{message, refusal},
    metrics,
    store::{Connections, Store},
};
use axum::{
    Router,
    extract::State,
    http::header,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::Duration;
use tokio::time;

/// Upper bounds of the histogram's buckets, in seconds: from a file to a request at its time limit.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];
/// How often what was measured is folded into the buckets, so that it does not pile up where nobody scrapes.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// The recorder, and the parts that are asked for their numbers at each scrape.
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
            .set_buckets_for_metric(Matcher::Full(metrics::DURATION.into()), &BUCKETS)?
            .install_recorder()?;
        metrics::describe();
        Ok(Self { recorder, store, hasher })
    }

    /// `/metrics` and nothing else.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/metrics", get(scrape))
            .with_state(self.clone())
            .layer(from_fn(message::conform))
            .layer(from_fn(refusal::in_one_form))
    }

    /// Folds what was measured into the buckets, for as long as the server runs.
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
    metrics::hashing(waiting, working);
    let Connections { idle, used } = exporter.store.connections();
    metrics::connections(idle, used);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], exporter.recorder.render()).into_response()
}
