//! Where tokens are that others read: addresses, bodies, caches.

use super::{Check, Finding, Severity, identifier::self_contained};
use crate::session_check::{course::Seen, exchange::Exchange};
use axum::http::header;
use url::Url;

/// Names of parameters that carry a session: PHP's, the servlets' and those of OAuth 2.0's tokens.
const NAMES: [&str; 8] =
    ["phpsessid", "jsessionid", "sid", "sessionid", "session_id", "access_token", "id_token", "refresh_token"];

pub(super) fn judge(seen: &Seen) -> Vec<Finding> {
    let mut findings = vec![address(seen), body(seen)];
    findings.extend(caches(seen));
    findings
}

/// The values of the session's cookies, as far as they are long enough to be found by chance nowhere else.
fn secrets(seen: &Seen) -> impl Iterator<Item = &str> {
    seen.session.iter().flat_map(|cookie| &cookie.identifiers).map(String::as_str).filter(|value| value.len() >= 16)
}

fn address(seen: &Seen) -> Finding {
    let addresses = |exchange: &Exchange| [Some(exchange.url.clone()), exchange.location()];
    let found = seen.exchanges.iter().enumerate().find_map(|(index, exchange)| {
        let what = addresses(exchange).into_iter().flatten().find_map(|url| token(seen, &url))?;
        Some((index, what))
    });
    match found {
        None => Finding::ok(Check::Address, "No address of this check had one."),
        Some((index, what)) => {
            let words = format!("An address has {what}: histories, logs and Referer fields keep it.");
            let remedy =
                "Carry it in a cookie alone. PHP: session.use_only_cookies=1; servlets: tracking-modes=cookie.";
            Finding::new(Check::Address, Severity::Error, words).remedy(remedy).seen_in(index)
        }
    }
}

/// What an address carries that is a token.
fn token(seen: &Seen, url: &Url) -> Option<String> {
    if secrets(seen).any(|secret| url.as_str().contains(secret)) {
        return Some("the session’s own value".to_owned());
    }
    let parameters = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned()));
    // Those of a path (RFC 3986 §3.3): /a;jsessionid=1
    let of_path = url.path().split(';').skip(1).filter_map(|part| part.split_once('='));
    let of_path = of_path.map(|(name, value)| (name.to_owned(), value.to_owned()));
    // OAuth 2.0's implicit answers and their like.
    let of_fragment = form_urlencoded::parse(url.fragment().unwrap_or_default().as_bytes()).into_owned();
    let is_token = |(name, value): &(String, String)| {
        self_contained(value).is_some() || NAMES.contains(&&*name.to_ascii_lowercase()) && value.len() >= 8
    };
    parameters.chain(of_path).chain(of_fragment).find(is_token).map(|(name, _)| format!("a token, {name}"))
}

fn body(seen: &Seen) -> Finding {
    let found = seen.exchanges.iter().enumerate().find_map(|(index, exchange)| {
        let text = exchange.text();
        if secrets(seen).any(|secret| text.contains(secret)) {
            return Some((index, "the session’s own value"));
        }
        let of_token = |byte: char| byte.is_ascii_alphanumeric() || "-_.".contains(byte);
        // What strangers get too is nobody's.
        let for_stranger = seen.exchanges[seen.stranger].text();
        let words = text.split(|byte| !of_token(byte)).filter(|word| word.starts_with("eyJ"));
        words.filter(|word| !for_stranger.contains(*word)).find_map(|word| Some((index, self_contained(word)?)))
    });
    match found {
        None => Finding::ok(Check::Body, "No page and no answer of this check had one."),
        Some((index, what)) => {
            let words = format!("An answer’s body has {what}: what scripts get, they keep in web storage or pass on.");
            let remedy = "Keep it in an HttpOnly cookie, and let the server add what other servers ask for.";
            Finding::new(Check::Body, Severity::Warning, words).remedy(remedy).seen_in(index)
        }
    }
}

fn caches(seen: &Seen) -> Vec<Finding> {
    let control = |index: usize| seen.exchanges[index].field(&header::CACHE_CONTROL).to_ascii_lowercase();
    let is_shared = |control: &str| {
        let has = |name: &str| control.split(',').any(|directive| directive.trim().starts_with(name));
        let age = |name: &str| {
            control.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('=')?.parse::<u64>().ok())
        };
        let lasts = age("s-maxage").or_else(|| age("max-age")).is_none_or(|seconds| seconds > 0);
        (has("public") || has("s-maxage") || has("max-age"))
            && lasts
            && !has("private")
            && !has("no-store")
            && !has("no-cache")
    };
    let set = seen.session.iter().find_map(|cookie| cookie.set);
    if let Some(index) = set.into_iter().chain([seen.member]).find(|index| is_shared(&control(*index))) {
        let words = format!("A cache may keep an answer that is one person’s: Cache-Control is {}.", control(index));
        let remedy = "Cache-Control: no-store on what who is logged in gets, and on what sets the session.";
        return vec![Finding::new(Check::Caches, Severity::Error, words).remedy(remedy).seen_in(index)];
    }
    if control(seen.member).contains("no-store") {
        return vec![Finding::ok(Check::Caches, "The page for who is logged in is kept nowhere.").seen_in(seen.member)];
    }
    let is = control(seen.member);
    let is = if is.is_empty() { "missing".to_owned() } else { is };
    let words =
        format!("Cache-Control of the page for who is logged in is {is}: the browser may keep it after the log-out.");
    vec![Finding::new(Check::Caches, Severity::Note, words).remedy("Cache-Control: no-store").seen_in(seen.member)]
}
