//! How many requests a client may send to the lab: counted in memory, by each server for itself. It keeps a loop in a
//! page from taking the server, and lets a class behind one address do experiments; nothing that needs guarding hangs on it.

use crate::http::{Client, refusal};
use app::AppError;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

/// Requests a second that a client may send for ever.
const EACH_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
/// Requests that it may send at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(599);
/// So often the clients that have rested are forgotten.
const FORGET_EVERY: u32 = 1_024;

pub(super) struct Limit<C: Clock = DefaultClock> {
    clients: RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, C, NoOpMiddleware<C::Instant>>,
    asked: AtomicU32,
}

impl Default for Limit {
    fn default() -> Self {
        Self::by(DefaultClock::default())
    }
}

impl<C: Clock> Limit<C> {
    fn by(clock: C) -> Self {
        let quota = Quota::per_second(EACH_SECOND).allow_burst(AT_ONCE);
        Self { clients: RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock), asked: AtomicU32::new(0) }
    }

    /// # Errors
    /// [`AppError::TooManyAttempts`].
    fn check(&self, client: IpAddr) -> Result<(), AppError> {
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(FORGET_EVERY) {
            self.clients.retain_recent();
        }
        self.clients.check_key(&network(client)).map_err(|until| {
            let wait = until.wait_time_from(self.clients.clock().now());
            AppError::TooManyAttempts(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
        })
    }
}

/// One subscriber usually has a whole IPv6 network of 64 bits (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

pub(super) async fn hold(State(limit): State<Arc<Limit>>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().and_then(|client| client.address);
    match limit.check(client.unwrap_or(Ipv4Addr::UNSPECIFIED.into())) {
        Ok(()) => next.run(request).await,
        Err(error) => refusal(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;
    use std::time::Duration;

    #[test]
    fn a_client_may_send_600_requests_at_once_and_60_a_second() {
        let clock = FakeRelativeClock::default();
        let limit = Limit::by(clock.clone());
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let passed = |client| (0..1_000).filter(|_| limit.check(client).is_ok()).count();
        assert_eq!((passed(one), passed(other)), (600, 600));
        assert_eq!(limit.check(one), Err(AppError::TooManyAttempts(1)));
        clock.advance(Duration::from_secs(1));
        assert_eq!(passed(one), 60);
    }

    #[test]
    fn an_ipv6_network_of_64_bits_is_one_client() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:3::1"), "2001:db8:1:3::");
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn clients_that_have_rested_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let limit = Limit::by(clock.clone());
        for number in 0..10_000_u32 {
            assert_eq!(limit.check(Ipv4Addr::from_bits(number).into()), Ok(()));
        }
        assert_eq!(limit.clients.len(), 10_000);
        clock.advance(Duration::from_secs(1));
        for _ in 0..FORGET_EVERY {
            let _ = limit.check(Ipv4Addr::LOCALHOST.into());
        }
        assert!(limit.clients.len() <= 1, "{}", limit.clients.len());
    }
}
