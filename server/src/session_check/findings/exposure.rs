//! Where tokens are that others read: addresses, bodies, caches.

use super::{Check, Finding, Severity, identifier::self_contained};
use crate::{
    app_proxy::StorageEntry,
    session_check::{course::Seen, exchange::Exchange},
};
use axum::http::header;
use serde_json::Value;
use url::Url;

/// Names of parameters that carry a session: PHP's, the servlets' and those of OAuth 2.0's tokens.
const NAMES: [&str; 8] =
    ["phpsessid", "jsessionid", "sid", "sessionid", "session_id", "access_token", "id_token", "refresh_token"];

/// The ends of names of entries that are tokens, without marks between the words.
const TOKEN_NAMES: [&str; 3] = ["token", "sessionid", "jwt"];
/// Shorter values are found by chance (OWASP Session Management Cheat Sheet: 64 bits, of which base64 makes 11 and hex 16 letters).
const LEAST: usize = 16;
pub(in crate::session_check) const KEEP_IN_COOKIE: &str =
    "Keep it in an HttpOnly cookie, and let the server add what other servers ask for.";

pub(super) fn judge(seen: &Seen) -> Vec<Finding> {
    let mut findings = vec![address(seen), body(seen)];
    findings.extend(web_storage(seen));
    findings.extend(caches(seen));
    findings
}

/// The values of the session's cookies, as far as they are long enough to be found by chance nowhere else.
fn secrets(seen: &Seen) -> impl Iterator<Item = &str> {
    seen.session.iter().flat_map(|cookie| &cookie.identifiers).map(String::as_str).filter(|value| value.len() >= LEAST)
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
            Finding::new(Check::Body, Severity::Warning, words).remedy(KEEP_IN_COOKIE).seen_in(index)
        }
    }
}

fn web_storage(seen: &Seen) -> Option<Finding> {
    let found = seen
        .web_storage
        .as_ref()?
        .iter()
        .find_map(|kept| Some((kept, token_kept(&secrets(seen).collect::<Vec<_>>(), kept)?)));
    Some(match found {
        None => Finding::ok(Check::WebStorage, "No page that was opened had one.").seen_in(seen.member),
        Some((StorageEntry { store, name, .. }, what)) => {
            let words = format!("{store} has {what} in {name}: every script of the page reads it, and takes it away.");
            Finding::new(Check::WebStorage, Severity::Error, words).remedy(KEEP_IN_COOKIE).seen_in(seen.member)
        }
    })
}

/// What an entry of web storage is, if it is a token: itself, or what a JSON in it holds.
pub(in crate::session_check) fn token_kept(secrets: &[&str], kept: &StorageEntry) -> Option<&'static str> {
    if secrets.iter().any(|secret| kept.value.contains(secret)) {
        return Some("the session’s own value");
    }
    token_in(&kept.name, &kept.value)
}

fn token_in(name: &str, text: &str) -> Option<&'static str> {
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => members.iter().find_map(|(name, value)| token_within(name, value)),
        Ok(Value::Array(values)) => values.iter().find_map(|value| token_within(name, value)),
        Ok(Value::String(text)) => token_named(name, &text),
        _ => token_named(name, text),
    }
}

fn token_within(name: &str, value: &Value) -> Option<&'static str> {
    match value {
        Value::Object(members) => members.iter().find_map(|(name, value)| token_within(name, value)),
        Value::Array(values) => values.iter().find_map(|value| token_within(name, value)),
        // A JSON in a JSON is how state is often kept.
        Value::String(text) if text.starts_with(['{', '[']) => token_in(name, text),
        Value::String(text) => token_named(name, text),
        _ => None,
    }
}

/// A token by its form, or by its name and a value that may be one.
fn token_named(name: &str, text: &str) -> Option<&'static str> {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let is_named =
        TOKEN_NAMES.iter().any(|known| name.ends_with(known)) && !["csrf", "xsrf"].iter().any(|no| name.contains(no));
    let is_random = text.len() >= LEAST
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_digit());
    self_contained(text).or((is_named && is_random).then_some("a token, by its name,"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln";

    #[rstest]
    #[case("state", JWT, Some("a JSON Web Token"))]
    #[case(
        "persist:root",
        r#"{"auth":"{\"user\":{\"key\":\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln\"}}"}"#,
        Some("a JSON Web Token")
    )]
    #[case("quoted", "\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln\"", Some("a JSON Web Token"))]
    #[case("access_token", "0123456789abcdef0123456789abcdef", Some("a token, by its name,"))]
    #[case("oidc.user", r#"{"refreshToken":"Qm9va3M0NTY3ODkwMTIzNDU2"}"#, Some("a token, by its name,"))]
    #[case("a", "kept: the-very-session-value-1", Some("the session’s own value"))]
    #[case("csrfToken", "0123456789abcdef0123456789abcdef", None)]
    #[case("build", "0123456789abcdef0123456789abcdef", None)]
    #[case("token", "none of the kind", None)]
    #[case("tokens", "0123456789abcdef0123456789abcdef", None)]
    #[case("layout", r#"{"panes":[{"id":"left","size":20}],"theme":"dark-and-quiet"}"#, None)]
    fn a_token_is_known_by_its_form_by_its_name_or_as_the_sessions_own(
        #[case] name: &str,
        #[case] value: &str,
        #[case] expected: Option<&str>,
    ) {
        let kept = StorageEntry { store: "localStorage".into(), name: name.into(), value: value.into() };
        assert_eq!(token_kept(&["the-very-session-value-1"], &kept), expected);
    }
}
