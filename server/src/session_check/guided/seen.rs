//! What the wire of the app shows of one browser, as the check reads it.

use crate::{
    app_proxy::{Wire, WireExchange, WireJar},
    session_check::{
        exchange::{Exchange, Stage},
        probe::Cookies,
    },
};
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, Method, header},
};
use std::sync::Arc;
use url::Url;

/// The exchanges of one browser, the oldest first.
pub(super) struct Watched {
    pub exchanges: Vec<Exchange>,
    /// The number of the latest on the wire.
    pub until: u64,
    jar: WireJar,
}

/// The exchanges after this one.
pub(super) fn after(wire: &Wire, number: u64) -> Vec<Arc<WireExchange>> {
    wire.exchanges().into_iter().filter(|exchange| exchange.number > number).collect()
}

/// The pages that were opened and shown: their targets, the latest first.
pub(super) fn pages(exchanges: &[Arc<WireExchange>]) -> Vec<String> {
    let mut pages = Vec::new();
    for exchange in exchanges.iter().rev() {
        let is_page = exchange.asked.navigates && exchange.asked.method == Method::GET && exchange.status.is_success();
        if is_page && !pages.contains(&exchange.asked.target) {
            pages.push(exchange.asked.target.clone());
        }
    }
    pages
}

impl Watched {
    /// Those of the browser that asked for this target last.
    pub fn of(app: &Url, exchanges: &[Arc<WireExchange>], target: &str, stage: Stage) -> Option<Self> {
        let asked =
            exchanges.iter().rfind(|exchange| exchange.asked.target == target && exchange.status.is_success())?;
        Self::of_this(app, exchanges, &asked.asked.jar, stage)
    }

    /// Those of the same browser as before.
    pub fn of_jar(app: &Url, exchanges: &[Arc<WireExchange>], before: &Self, stage: Stage) -> Option<Self> {
        Self::of_this(app, exchanges, &before.jar, stage)
    }

    fn of_this(app: &Url, exchanges: &[Arc<WireExchange>], jar: &WireJar, stage: Stage) -> Option<Self> {
        let own: Vec<_> = exchanges.iter().filter(|exchange| exchange.asked.jar == *jar).collect();
        let until = own.last()?.number;
        let read = own.iter().filter_map(|exchange| read(app, exchange, stage)).collect();
        Some(Self { exchanges: read, until, jar: jar.clone() })
    }
}

/// The cookies that the browser has now: what its latest page carried, and what was set with it and since.
pub(super) fn carried_now(watched: &Watched) -> Cookies {
    // A request for a file may carry less, or nothing.
    let latest = watched.exchanges.iter().rposition(|exchange| !exchange.carried.is_empty()).unwrap_or_default();
    let mut cookies = watched.exchanges.get(latest).map(|exchange| exchange.carried.clone()).unwrap_or_default();
    for cookie in watched.exchanges.iter().skip(latest).flat_map(Exchange::set_cookies) {
        cookies.retain(|(name, _)| name != cookie.name());
        let is_deleted = cookie.max_age().is_some_and(|span| !span.is_positive())
            || cookie.expires_datetime().is_some_and(|end| end.unix_timestamp() <= 0);
        if !is_deleted {
            cookies.push((cookie.name().to_owned(), cookie.value().to_owned()));
        }
    }
    cookies
}

/// An exchange of the wire as one of the check; its body was not noted.
fn read(app: &Url, exchange: &WireExchange, stage: Stage) -> Option<Exchange> {
    let mut headers = HeaderMap::new();
    let mut add = |name, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.append(name, value);
        }
    };
    exchange.set.iter().for_each(|line| add(header::SET_COOKIE, &line.text));
    exchange.cache_control.iter().for_each(|text| add(header::CACHE_CONTROL, text));
    exchange.location.iter().for_each(|text| add(header::LOCATION, text));
    let carried = exchange.asked.carried.iter().map(|cookie| (cookie.name.clone(), cookie.value.clone())).collect();
    Some(Exchange {
        stage,
        method: exchange.asked.method.clone(),
        url: app.join(&exchange.asked.target).ok()?,
        carried,
        status: exchange.status,
        headers,
        body: Bytes::new(),
    })
}
