//! Header fields without their secrets, as the lab shows them. A proxy may add fields of its own (who is logged in there, a
//! key for the servers behind it), so a list says which values are shown, and all others are masked. Masked fields keep their
//! name and size: the weight of a request stays true, and a visitor sees that something on the way adds to it.

use app::{
    bench::{
        is_lab_name,
        wire::{HeaderField, received_cookies},
    },
    experiments::test_account::MASK,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// What browsers send of themselves (Fetch, Fetch Metadata, UA Client Hints, Server-Sent Events), and what this server
/// answers with. The lab's own fields begin with `lab-`.
const SHOWN: [&str; 66] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "access-control-request-headers",
    "access-control-request-method",
    "allow",
    "alt-used",
    "cache-control",
    "clear-site-data",
    "connection",
    "content-disposition",
    "content-encoding",
    "content-length",
    "content-range",
    "content-security-policy",
    "content-type",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "device-memory",
    "dnt",
    "downlink",
    "ect",
    "etag",
    "expires",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "last-event-id",
    "last-modified",
    "location",
    "origin",
    "pragma",
    "priority",
    "purpose",
    "range",
    "referer",
    "referrer-policy",
    "retry-after",
    "rtt",
    "save-data",
    "sec-gpc",
    "sec-purpose",
    "server-timing",
    "serverfnredirect",
    "service-worker",
    "service-worker-navigation-preload",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade-insecure-requests",
    "user-agent",
    "vary",
    "viewport-width",
    "x-content-type-options",
    "x-frame-options",
    "x-request-id",
    "x-requested-with",
    "x-robots-tag",
];
/// The same, by what their names begin with.
const SHOWN_FAMILIES: [&str; 3] = ["lab-", "sec-ch-", "sec-fetch-"];

fn is_shown(name: &HeaderName) -> bool {
    let name = name.as_str();
    SHOWN.contains(&name) || SHOWN_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// All header fields of a request or an answer, secrets masked.
pub(super) fn redacted(headers: &HeaderMap) -> Vec<HeaderField> {
    headers.iter().map(|(name, value)| field(name, value)).collect()
}

fn field(name: &HeaderName, value: &HeaderValue) -> HeaderField {
    let bytes = name.as_str().len() + ": ".len() + value.len() + "\r\n".len();
    let mut cookies = Vec::new();
    let shown = match *name {
        // The server cannot tell a cookie that scripts may read from one that they may not.
        header::COOKIE => {
            cookies = received_cookies(value.as_bytes()).collect();
            String::new()
        }
        header::SET_COOKIE => set_cookie(value),
        _ if is_shown(name) => text(value),
        _ => MASK.to_owned(),
    };
    HeaderField {
        name: name.as_str().to_owned(),
        value: shown,
        bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        cookies,
    }
}

/// The name that a `Set-Cookie` line gives a cookie, as browsers read it (RFC 6265bis §5.6); `None` without a `=`.
pub(super) fn cookie_name(line: &str) -> Option<&str> {
    let pair = line.split(';').next()?;
    Some(pair.split_once('=')?.0.trim_matches([' ', '\t']))
}

/// A `Set-Cookie` line: as it is where scripts may read the cookie and the lab has made it, else without the value.
fn set_cookie(line: &HeaderValue) -> String {
    let line = text(line);
    let (pair, attributes) = line.split_at(line.find(';').unwrap_or(line.len()));
    let is_http_only = |attribute: &str| {
        attribute.split('=').next().is_some_and(|name| name.trim_matches([' ', '\t']).eq_ignore_ascii_case("httponly"))
    };
    if cookie_name(&line).is_some_and(is_lab_name) && !attributes.split(';').any(is_http_only) {
        return line;
    }
    let before_value = pair.find('=').map_or("", |equals| &pair[..=equals]);
    format!("{before_value}{MASK}{attributes}")
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn shown(name: HeaderName, value: &str) -> HeaderField {
        field(&name, &HeaderValue::from_bytes(value.as_bytes()).unwrap())
    }

    #[rstest]
    #[case::scripts_may_read_it("lab-a=1; Path=/", "lab-a=1; Path=/")]
    #[case::with_a_prefix(" __Host-LAB-a = 1;Secure", " __Host-LAB-a = 1;Secure")]
    #[case::scripts_may_not("lab-a=1; Path=/; HttpOnly", "lab-a=••••••••; Path=/; HttpOnly")]
    #[case::in_any_spelling("lab-a=1;httponly=no", "lab-a=••••••••;httponly=no")]
    #[case::not_the_labs("__Host-session=id.secret; Secure", "__Host-session=••••••••; Secure")]
    #[case::equals_in_the_value("a=lab-b=secret", "a=••••••••")]
    #[case::a_space_that_is_none_to_a_browser("\u{3000}lab-a=1", "\u{3000}lab-a=••••••••")]
    #[case::without_a_name("secret; Path=/", "••••••••; Path=/")]
    #[case::without_a_name_as_well("=secret", "=••••••••")]
    #[case::a_value_that_looks_like_an_attribute("lab-a=HttpOnly", "lab-a=HttpOnly")]
    fn a_set_cookie_line_is_shown_whole_only_where_scripts_may_read_it(#[case] line: &str, #[case] expected: &str) {
        let field = shown(header::SET_COOKIE, line);
        assert_eq!((field.value.as_str(), field.bytes as usize), (expected, "set-cookie: \r\n".len() + line.len()));
    }

    #[test]
    fn a_cookie_header_is_names_and_sizes() {
        let field = shown(header::COOKIE, "lab-a=123; __Host-session=id.secret");
        assert_eq!((field.value.as_str(), field.bytes), ("", 8 + 35 + 2));
        let cookies: Vec<_> = field.cookies.iter().map(|cookie| (cookie.name.as_str(), cookie.bytes)).collect();
        assert_eq!(cookies, [("lab-a", 8), ("__Host-session", 23)]);
    }

    #[test]
    fn what_browsers_send_is_shown_and_what_is_added_on_the_way_is_masked() {
        assert_eq!(shown(header::USER_AGENT, "curl/8 é").value, "curl/8 é");
        for name in ["accept", "sec-ch-ua-platform", "sec-fetch-site", "sec-gpc", "lab-token", "lab-page", "referer"] {
            assert_eq!(shown(HeaderName::from_static(name), "x").value, "x", "{name}");
        }
        for name in [
            "authorization",
            "proxy-authorization",
            "x-forwarded-for",
            "x-forwarded-user",
            "x-forwarded-email",
            "x-auth-request-access-token",
            "x-amzn-oidc-data",
            "cf-access-jwt-assertion",
            "forwarded",
            "via",
            "x-real-ip",
            "x-ssl-client-cert",
            "sec-websocket-key",
            "secret",
            "label-x",
        ] {
            let field = shown(HeaderName::from_static(name), "c2VjcmV0");
            assert_eq!((field.value.as_str(), field.bytes as usize), (MASK, name.len() + 12), "{name}");
        }
    }
}
