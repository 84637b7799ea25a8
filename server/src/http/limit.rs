//! Limits how many requests a client may send where anybody may ask for work, counted in memory by each server for itself. A loop
//! in a page cannot take the whole server, and a class behind one address can still do experiments. Nothing that needs guarding
//! depends on it.

use super::{Client, refusal};
use crate::network::Network;
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
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

/// Requests per second that a client may send to the lab continuously.
const EACH_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
/// Requests that it may send there at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(599);
/// Passwords that a client may have rated in a second continuously: a pause of typing is one.
const RATED_EACH_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);
/// Passwords that it may have rated at once.
const RATED_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
/// Clients that have rested are forgotten each time so many requests have come.
const FORGET_EVERY: u32 = 1_024;

pub(crate) struct Limit<C: Clock = DefaultClock> {
    clients: RateLimiter<Network, DefaultKeyedStateStore<Network>, C, NoOpMiddleware<C::Instant>>,
    asked: AtomicU32,
}

impl Limit {
    /// Of the lab's endpoints.
    pub fn of_lab() -> Self {
        Self::new(Quota::per_second(EACH_SECOND).allow_burst(AT_ONCE), DefaultClock::default())
    }

    /// Of rating passwords.
    pub fn of_ratings() -> Self {
        Self::new(Quota::per_second(RATED_EACH_SECOND).allow_burst(RATED_AT_ONCE), DefaultClock::default())
    }
}

impl<C: Clock> Limit<C> {
    fn new(quota: Quota, clock: C) -> Self {
        Self { clients: RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock), asked: AtomicU32::new(0) }
    }

    /// # Errors
    /// [`AppError::TooManyAttempts`].
    fn check(&self, client: Network) -> Result<(), AppError> {
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(FORGET_EVERY) {
            self.clients.retain_recent();
        }
        self.clients.check_key(&client).map_err(|until| {
            let wait = until.wait_time_from(self.clients.clock().now());
            AppError::TooManyAttempts(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
        })
    }
}

pub(crate) async fn hold(State(limit): State<Arc<Limit>>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().copied().unwrap_or_default();
    match limit.check(client.network().end_site()) {
        Ok(()) => next.run(request).await,
        Err(error) => refusal(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;
    use std::{net::Ipv4Addr, time::Duration};

    fn lab(clock: FakeRelativeClock) -> Limit<FakeRelativeClock> {
        Limit::new(Quota::per_second(EACH_SECOND).allow_burst(AT_ONCE), clock)
    }

    fn client(address: impl Into<std::net::IpAddr>) -> Network {
        Network::of(address.into())
    }

    #[test]
    fn a_client_may_send_600_requests_at_once_and_60_a_second() {
        let clock = FakeRelativeClock::default();
        let limit = lab(clock.clone());
        let (one, other) = (client([192, 0, 2, 1]), client([192, 0, 2, 2]));
        let passed = |client| (0..1_000).filter(|_| limit.check(client).is_ok()).count();
        assert_eq!((passed(one), passed(other)), (600, 600));
        assert_eq!(limit.check(one), Err(AppError::TooManyAttempts(1)));
        clock.advance(Duration::from_secs(1));
        assert_eq!(passed(one), 60);
    }

    #[test]
    fn clients_that_have_rested_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let limit = lab(clock.clone());
        for number in 0..10_000_u32 {
            assert_eq!(limit.check(client(Ipv4Addr::from_bits(number))), Ok(()));
        }
        assert_eq!(limit.clients.len(), 10_000);
        clock.advance(Duration::from_secs(1));
        for _ in 0..FORGET_EVERY {
            let _ = limit.check(client(Ipv4Addr::LOCALHOST));
        }
        assert!(limit.clients.len() <= 1, "{}", limit.clients.len());
    }
}
