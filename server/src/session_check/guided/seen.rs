//! What the wire of the app shows of one browser, as the check reads it.

use crate::{
    app_proxy::{Wire, WireExchange, WireJar},
    session_check::exchange::{Cookies, Exchange, Stage, at},
};
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
};
use cookie::Cookie;
use cookie_store::CookiePath;
use std::sync::Arc;
use url::Url;

/// The exchanges of one browser, the oldest first.
pub(super) struct Watched {
    pub exchanges: Vec<Exchange>,
    /// The number of the latest on the wire.
    until: u64,
    jar: WireJar,
}

fn after(wire: &Wire, number: u64) -> Vec<Arc<WireExchange>> {
    wire.exchanges().into_iter().filter(|exchange| exchange.number > number).collect()
}

/// Whether an exchange showed a page, be it the one that the browser had kept.
fn shows_page(exchange: &WireExchange) -> bool {
    exchange.asked.method == Method::GET
        && (exchange.status.is_success() || exchange.status == StatusCode::NOT_MODIFIED)
}

/// The pages that were opened and shown since: their targets, the latest first.
pub(super) fn pages(wire: &Wire, since: u64) -> Vec<String> {
    let mut pages = Vec::new();
    for exchange in after(wire, since).iter().rev() {
        if exchange.asked.navigates && shows_page(exchange) && !pages.contains(&exchange.asked.target) {
            pages.push(exchange.asked.target.clone());
        }
    }
    pages
}

impl Watched {
    /// Those of the browser that asked for this target last.
    pub fn of(wire: &Wire, since: u64, target: &str) -> Option<Self> {
        let exchanges = after(wire, since);
        let asked = exchanges.iter().rfind(|exchange| exchange.asked.target == target && shows_page(exchange))?;
        Self::of_jar(wire, &exchanges, &asked.asked.jar, Stage::LogIn)
    }

    /// Those of the same browser that came since.
    pub fn later(&self, wire: &Wire) -> Option<Self> {
        Self::of_jar(wire, &after(wire, self.until), &self.jar, Stage::LogOut)
    }

    fn of_jar(wire: &Wire, exchanges: &[Arc<WireExchange>], jar: &WireJar, stage: Stage) -> Option<Self> {
        let app = Url::parse(&wire.app).ok()?;
        let own: Vec<_> = exchanges.iter().filter(|exchange| exchange.asked.jar == *jar).collect();
        let until = own.last()?.number;
        Some(Self {
            exchanges: own.iter().map(|exchange| read(&app, exchange, stage)).collect(),
            until,
            jar: jar.clone(),
        })
    }

    /// What the browser calls itself.
    pub fn agent(&self) -> &str {
        &self.jar.agent
    }

    /// The cookies that the browser has for this page after these exchanges, having had `before`: what it carried when it last asked
    /// for the page, and what was set with that and since.
    pub fn cookies(&self, page: &Url, before: Cookies, now: i64) -> Cookies {
        let is_page = |exchange: &Exchange| exchange.method == Method::GET && exchange.url.path() == page.path();
        let latest = self.exchanges.iter().rposition(is_page);
        let mut cookies = latest.map_or(before, |latest| self.exchanges[latest].carried.clone());
        for exchange in self.exchanges.iter().skip(latest.unwrap_or_default()) {
            for cookie in exchange.set_cookies().iter().filter(|cookie| is_for(cookie, &exchange.url, page)) {
                cookies.retain(|(name, _)| name != cookie.name());
                if !is_over(cookie, now) {
                    cookies.push((cookie.name().to_owned(), cookie.value().to_owned()));
                }
            }
        }
        cookies
    }
}

/// Whether a cookie that was set at an address goes along to a page, as far as its path says (RFC 6265 §5.1.4).
fn is_for(cookie: &Cookie<'_>, set_at: &Url, page: &Url) -> bool {
    let path = cookie.path().and_then(CookiePath::parse);
    path.unwrap_or_else(|| CookiePath::default_path(set_at)).matches(page)
}

/// Whether a cookie is deleted by its line (RFC 6265 §5.3).
fn is_over(cookie: &Cookie<'_>, now: i64) -> bool {
    match cookie.max_age() {
        Some(span) => !span.is_positive(),
        None => cookie.expires_datetime().is_some_and(|end| end.unix_timestamp() <= now),
    }
}

/// An exchange of the wire as one of the check, with the app's own lines; its body was not noted.
fn read(app: &Url, exchange: &WireExchange, stage: Stage) -> Exchange {
    let mut headers = HeaderMap::new();
    let mut add = |name, text: &str| {
        if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
            headers.append(name, value);
        }
    };
    exchange.set.iter().for_each(|line| add(header::SET_COOKIE, line.own.as_deref().unwrap_or(&line.text)));
    exchange.cache_control.iter().for_each(|text| add(header::CACHE_CONTROL, text));
    exchange.location.iter().for_each(|text| add(header::LOCATION, text));
    let carried = exchange.asked.carried.iter().map(|cookie| (cookie.name.clone(), cookie.value.clone())).collect();
    Exchange {
        stage,
        method: exchange.asked.method.clone(),
        url: at(app, &exchange.asked.target),
        carried,
        status: exchange.status,
        headers,
        body: Bytes::new(),
    }
}
