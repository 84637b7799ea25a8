//! Browsers' reports of violations of a page's policy (CSP Level 3 §5.3, OWASP ASVS 3.4.7). Anybody may send such a report, so
//! the number of log lines is limited.

use super::Client;
use crate::network::Network;
use axum::{
    Extension,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed, keyed::DefaultKeyedStateStore},
};
use serde::Deserialize;
use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The path to which browsers send reports.
pub(crate) const REPORT_PATH: &str = "/csp-report";
/// Lines a minute, for all.
const LINES: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
/// Lines a minute for one network: a page that breaks the policy does it in several places.
const LINES_OF_NETWORK: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// How long reports without a log line are counted before their number is logged.
const COUNTED_FOR: Duration = Duration::from_secs(60);

/// Which reports are logged; clones share the counts.
#[derive(Clone, Default)]
pub(crate) struct Reports(Arc<Limit>);

struct Limit<C: Clock = DefaultClock> {
    all: RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>,
    networks: RateLimiter<Network, DefaultKeyedStateStore<Network>, C, NoOpMiddleware<C::Instant>>,
    left_out: AtomicU64,
}

impl Default for Limit {
    fn default() -> Self {
        Self::by(DefaultClock::default())
    }
}

/// What becomes of a report.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Logged,
    /// Counted only, as the first since the number was told.
    FirstLeftOut,
    LeftOut,
}

impl<C: Clock + Clone> Limit<C> {
    fn by(clock: C) -> Self {
        Self {
            all: RateLimiter::direct_with_clock(Quota::per_minute(LINES), clock.clone()),
            networks: RateLimiter::new(Quota::per_minute(LINES_OF_NETWORK), DefaultKeyedStateStore::default(), clock),
            left_out: AtomicU64::new(0),
        }
    }

    fn fate(&self, network: Network) -> Fate {
        // The network's own first, so that who has none left takes none of the others' either.
        if self.networks.check_key(&network).is_ok() && self.all.check().is_ok() {
            return Fate::Logged;
        }
        match self.left_out.fetch_add(1, Ordering::Relaxed) {
            0 => Fate::FirstLeftOut,
            _ => Fate::LeftOut,
        }
    }

    /// How many reports got no log line since the last call.
    fn take_left_out(&self) -> u64 {
        self.networks.retain_recent();
        self.left_out.swap(0, Ordering::Relaxed)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Violation {
    #[serde(default)]
    effective_directive: String,
    #[serde(default)]
    blocked_uri: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Report {
    csp_report: Violation,
}

/// Logs what a browser reports; what it says is anybody's word, so little of it is kept.
pub(crate) async fn report(
    State(Reports(limit)): State<Reports>,
    Extension(client): Extension<Client>,
    report: Result<Bytes, BytesRejection>,
) -> StatusCode {
    let Ok(report) = report else { return StatusCode::PAYLOAD_TOO_LARGE };
    let Ok(Report { csp_report }) = serde_json::from_slice(&report) else { return StatusCode::UNPROCESSABLE_ENTITY };
    match limit.fate(client.network().end_site()) {
        Fate::Logged => log(&csp_report),
        Fate::LeftOut => {}
        Fate::FirstLeftOut => {
            tokio::spawn(async move {
                tokio::time::sleep(COUNTED_FOR).await;
                tracing::warn!(event = "csp_violations_left_out", count = limit.take_left_out());
            });
        }
    }
    StatusCode::NO_CONTENT
}

fn log(violation: &Violation) {
    // An address may carry what somebody typed: its origin is enough.
    let blocked = violation.blocked_uri.split(['?', '#']).next().unwrap_or_default();
    let origin_end = blocked.match_indices('/').nth(2).map_or(blocked.len(), |(at, _)| at);
    let cut = |text: &str| text.chars().filter(|c| !c.is_control()).take(100).collect::<String>();
    tracing::warn!(
        event = "csp_violation",
        directive = cut(&violation.effective_directive),
        blocked = cut(&blocked[..origin_end])
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn network(number: u8) -> Network {
        Network::of([192, 0, 2, number].into())
    }

    #[test]
    fn a_network_has_10_lines_a_minute_and_all_together_60() {
        let clock = FakeRelativeClock::default();
        let limit = Limit::by(clock.clone());
        let logged = |number| (0..100).filter(|_| limit.fate(network(number)) == Fate::Logged).count();
        let of_each: Vec<_> = (0..8).map(logged).collect();
        assert_eq!(of_each, [10, 10, 10, 10, 10, 10, 0, 0]);
        clock.advance(Duration::from_secs(60));
        assert_eq!(logged(9), 10);
    }

    #[test]
    fn what_is_left_out_is_counted_and_told_once() {
        let limit = Limit::by(FakeRelativeClock::default());
        let fates: Vec<_> = (0..13).map(|_| limit.fate(network(1))).skip(10).collect();
        assert_eq!(fates, [Fate::FirstLeftOut, Fate::LeftOut, Fate::LeftOut]);
        assert_eq!((limit.take_left_out(), limit.take_left_out()), (3, 0));
        assert_eq!(limit.fate(network(1)), Fate::FirstLeftOut);
    }
}
