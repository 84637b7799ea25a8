//! The headers that every answer carries (OWASP ASVS 5.0 V3.4).

use super::{Channel, Client, lab::MayBeFramed, text::is_text};
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Forms without scripts find their way back by the referrer, so it stays within the site.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// A year (OWASP ASVS 5.0 V3.4.1).
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Adds them; an answer that is no page gets a policy under which nothing runs, and one that says nothing about
/// caching is not stored.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().copied().unwrap_or_default();
    let mut response = next.run(request).await;
    let framed = response.extensions().get::<MayBeFramed>().is_some();
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if framed {
        // It knows no list of sites; the page's own policy does.
        headers.remove(header::X_FRAME_OPTIONS);
    }
    // Not over a certificate of our own: the browser would then refuse every other server on localhost.
    if client.channel == Channel::Tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses addresses that are read in two ways: with dot segments or bytes that are not UTF-8, which the guard and the page
/// router would read differently; with two slashes at the start, which is another site's address to whoever gets the path
/// alone. Also names longer than a file's may be, and requests for no path at all.
pub(super) async fn ordinary_paths(request: Request, next: Next) -> Response {
    match request.uri().path_and_query() {
        Some(target) if is_ordinary(target.path()) => next.run(request).await,
        // With words: a browser shows an error of its own instead of an empty page.
        _ => {
            (StatusCode::BAD_REQUEST, "The server does not follow this address: it can be read in more than one way.\n")
                .into_response()
        }
    }
}

fn is_ordinary(path: &str) -> bool {
    const LONGEST_SEGMENT: usize = 200;
    let decoded = path.to_ascii_lowercase().replace("%2e", ".");
    !path.contains('\\')
        && !path.starts_with("//")
        && is_text(path.as_bytes())
        && decoded.split('/').all(|part| part != "." && part != ".." && part.len() <= LONGEST_SEGMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_could_be_read_in_two_ways_is_refused() {
        for path in [
            "/x/../account",
            "/./account",
            "/%2e/account",
            "/x/%2E%2e/account",
            "/x\\..\\account",
            "//account",
            "//evil.example/x",
            "/%FF",
            "/a%E0%A4%A",
        ] {
            assert!(!is_ordinary(path), "{path}");
        }
        assert!(!is_ordinary(&format!("/{}", "a".repeat(300))));
    }

    #[test]
    fn an_ordinary_address_passes() {
        for path in ["/", "/account", "/pkg/storage-lab.a1.wasm", "/..a", "/.well-known/x"] {
            assert!(is_ordinary(path), "{path}");
        }
    }
}
