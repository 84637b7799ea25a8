//! What changes of a message on its way: the names of origins, and what is about one connection alone.

use super::origin::Origin;
use crate::{http::tokens_from, sessions::Token};
use app::sessions::SESSION_COOKIE;
use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, CONNECTION, CONTENT_LOCATION, COOKIE, EXPECT, HOST, LOCATION, ORIGIN,
        PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, REFERER, REFRESH, SET_COOKIE, TE, TRANSFER_ENCODING, UPGRADE,
    },
};

/// Fields that are about one connection, beside those that `Connection` names (RFC 9110 §7.6.1).
const OF_ONE_CONNECTION: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The protocol that a request wants to change to, or that an answer changes to (RFC 9110 §7.8).
pub(super) fn upgrade(headers: &HeaderMap) -> Option<HeaderValue> {
    let is_asked_for = options(headers).any(|option| option == UPGRADE);
    headers.get(UPGRADE).filter(|_| is_asked_for).cloned()
}

fn options(headers: &HeaderMap) -> impl Iterator<Item = HeaderName> + '_ {
    let lines = headers.get_all(CONNECTION).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(|name| name.trim().parse().ok())
}

/// Leaves out what is about one connection; where this message changes the protocol, that is said anew.
fn end_to_end(headers: &mut HeaderMap) {
    let upgrade = upgrade(headers);
    let named: Vec<_> = options(headers).collect();
    for name in named.into_iter().chain(OF_ONE_CONNECTION) {
        headers.remove(name);
    }
    if let Some(protocol) = upgrade {
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, protocol);
    }
}

/// A request's fields as the app would have had them without anything in between.
pub(super) fn to_app(headers: &mut HeaderMap, own: &Origin, app: &Origin) {
    end_to_end(headers);
    // The body is asked for as the app reads it.
    headers.remove(EXPECT);
    if let Ok(host) = HeaderValue::try_from(app.authority.as_str()) {
        headers.insert(HOST, host);
    }
    change(headers, &ORIGIN, |origin| (origin == own.to_string()).then(|| app.to_string()));
    change(headers, &REFERER, |address| own.moved(address, app));
    cookies_to_app(headers);
}

/// The cookies without the lab's log-in: browsers send it to every port of a host (RFC 6265bis §8.5), and it is no business of the
/// app's. Several lines, as HTTP/2 has them, become one (RFC 9113 §8.2.3); a line that is right stays as it is.
fn cookies_to_app(headers: &mut HeaderMap) {
    let is_one_line = headers.get_all(COOKIE).iter().nth(1).is_none();
    if is_one_line && tokens_from(headers).is_empty() {
        return;
    }
    let is_labs = |pair: &[u8]| {
        let value = pair.strip_prefix(SESSION_COOKIE.as_bytes()).and_then(|rest| rest.strip_prefix(b"="));
        value.and_then(|value| std::str::from_utf8(value).ok()).and_then(Token::parse).is_some()
    };
    let pairs = headers.get_all(COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let kept: Vec<_> = pairs.map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty() && !is_labs(pair)).collect();
    let line = HeaderValue::from_bytes(&kept.join(&b"; "[..])).ok().filter(|line| !line.is_empty());
    headers.remove(COOKIE);
    if let Some(line) = line {
        headers.insert(COOKIE, line);
    }
}

/// An answer's fields as the browser would have had them from the app, at the origin where it asks.
pub(super) fn to_browser(headers: &mut HeaderMap, own: &Origin, app: &Origin) {
    end_to_end(headers);
    for name in [LOCATION, CONTENT_LOCATION] {
        change(headers, &name, |address| app.moved(address, own));
    }
    change(headers, &ACCESS_CONTROL_ALLOW_ORIGIN, |origin| (origin == app.to_string()).then(|| own.to_string()));
    change(headers, &REFRESH, |refresh| {
        let at = refresh.to_ascii_lowercase().find("url=")? + "url=".len();
        Some(format!("{}{}", &refresh[..at], app.moved(&refresh[at..], own)?))
    });
    if own.host() != app.host() {
        let lines: Vec<_> = headers.get_all(SET_COOKIE).iter().map(|line| of_this_host(line, app.host())).collect();
        headers.remove(SET_COOKIE);
        for line in lines {
            headers.append(SET_COOKIE, line);
        }
    }
}

fn change(headers: &mut HeaderMap, name: &HeaderName, changed: impl Fn(&str) -> Option<String>) {
    let value = headers.get(name).and_then(|value| str::from_utf8(value.as_bytes()).ok()).and_then(changed);
    if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
        headers.insert(name, value);
    }
}

/// A line without a `Domain` that the app's host may set and this one may not.
fn of_this_host(line: &HeaderValue, app: &str) -> HeaderValue {
    let is_apps_domain = |attribute: &[u8]| {
        let attribute = String::from_utf8_lossy(attribute);
        let Some((name, domain)) = attribute.split_once('=') else { return false };
        let domain = domain.trim().trim_start_matches('.').to_ascii_lowercase();
        let app = app.to_ascii_lowercase();
        name.trim().eq_ignore_ascii_case("domain")
            && (app == domain || app.strip_suffix(&domain).is_some_and(|below| below.ends_with('.')))
    };
    let parts = line.as_bytes().split(|byte| *byte == b';');
    let kept: Vec<_> = parts.filter(|part| !is_apps_domain(part)).collect();
    HeaderValue::from_bytes(&kept.join(&b';')).unwrap_or_else(|_| line.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn origins() -> (Origin, Origin) {
        (Origin::read("http://127.0.0.1:3100").unwrap(), Origin::read("http://app.test:8080").unwrap())
    }

    fn fields(lines: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        headers
    }

    fn to_app(lines: &[(&str, &str)]) -> HeaderMap {
        let mut headers = fields(lines);
        let (own, app) = origins();
        super::to_app(&mut headers, &own, &app);
        headers
    }

    fn to_browser(lines: &[(&str, &str)]) -> HeaderMap {
        let mut headers = fields(lines);
        let (own, app) = origins();
        super::to_browser(&mut headers, &own, &app);
        headers
    }

    #[test]
    fn the_app_sees_its_own_name() {
        let sent = [
            ("host", "127.0.0.1:3100"),
            ("origin", "http://127.0.0.1:3100"),
            ("referer", "http://127.0.0.1:3100/a?b"),
            ("accept-encoding", "br"),
        ];
        let expected = [
            ("host", "app.test:8080"),
            ("origin", "http://app.test:8080"),
            ("referer", "http://app.test:8080/a?b"),
            ("accept-encoding", "br"),
        ];
        assert_eq!(to_app(&sent), fields(&expected));
    }

    #[test]
    fn another_sites_origin_stays_what_it_is() {
        let sent = [("origin", "http://evil.example"), ("referer", "http://evil.example/")];
        let received = to_app(&sent);
        assert_eq!(
            (received["origin"].as_bytes(), received["referer"].as_bytes()),
            (&b"http://evil.example"[..], &b"http://evil.example/"[..])
        );
        assert_eq!(to_app(&[("origin", "null")])["origin"], "null");
    }

    #[test]
    fn what_is_about_one_connection_goes_no_further() {
        let sent = [
            ("connection", "keep-alive, x-mine"),
            ("keep-alive", "timeout=5"),
            ("x-mine", "1"),
            ("te", "trailers"),
            ("x-other", "2"),
        ];
        let received = to_app(&sent);
        assert_eq!(received.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["x-other", "host"]);
        let websocket =
            to_app(&[("connection", "keep-alive, Upgrade"), ("upgrade", "websocket"), ("sec-websocket-key", "a")]);
        assert_eq!(
            (websocket["connection"].as_bytes(), websocket["upgrade"].as_bytes()),
            (&b"upgrade"[..], &b"websocket"[..])
        );
        assert_eq!(to_app(&[("upgrade", "h2c")]).get("upgrade"), None, "nothing asks for it");
    }

    #[test]
    fn the_labs_log_in_is_not_told_to_the_app_and_the_apps_own_is() {
        let token = format!("{}.{}", "A".repeat(22), "A".repeat(43));
        let line = format!("a=1; __Host-session={token}; b=\"x;y\"");
        assert_eq!(to_app(&[("cookie", &line), ("cookie", "c=3")])["cookie"], "a=1; b=\"x; y\"; c=3");
        assert_eq!(to_app(&[("cookie", "a=1;b=\"x;y\"; ")])["cookie"], "a=1;b=\"x;y\"; ", "as the browser wrote it");
        assert_eq!(to_app(&[("cookie", "__Host-session=of-the-app")])["cookie"], "__Host-session=of-the-app");
        assert_eq!(to_app(&[("cookie", &format!("__Host-session={token}"))]).get("cookie"), None);
    }

    #[test]
    fn redirects_lead_back_here() {
        let answered = [
            ("location", "http://app.test:8080/a?b"),
            ("content-location", "/c"),
            ("access-control-allow-origin", "http://app.test:8080"),
            ("refresh", "5; URL=http://app.test:8080/d"),
        ];
        let expected = [
            ("location", "http://127.0.0.1:3100/a?b"),
            ("content-location", "/c"),
            ("access-control-allow-origin", "http://127.0.0.1:3100"),
            ("refresh", "5; URL=http://127.0.0.1:3100/d"),
        ];
        assert_eq!(to_browser(&answered), fields(&expected));
        assert_eq!(to_browser(&[("location", "https://elsewhere.example/")])["location"], "https://elsewhere.example/");
        // Apps that write it as it is meant, and browsers that read it so.
        let octets = to_browser(&[("location", "http://app.test:8080/caf\u{e9}")]);
        assert_eq!(octets["location"], "http://127.0.0.1:3100/caf%C3%A9");
    }

    #[rstest]
    #[case("a=1; Domain=app.test; Path=/", "a=1; Path=/")]
    #[case("a=1; domain=.TEST", "a=1")]
    #[case("a=1; Domain=other.example; Secure", "a=1; Domain=other.example; Secure")]
    #[case("a=Domain=app.test", "a=Domain=app.test")]
    #[case("a=1; Path=/; HttpOnly", "a=1; Path=/; HttpOnly")]
    fn a_cookie_for_the_apps_domain_is_for_this_host(#[case] line: &str, #[case] expected: &str) {
        assert_eq!(to_browser(&[("set-cookie", line)])["set-cookie"], expected);
    }
}
