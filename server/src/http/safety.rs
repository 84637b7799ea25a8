//! The headers that every answer carries (OWASP ASVS 5.0 V3.4).

use super::{Channel, Client, lab::MayBeFramed};
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

/// Where browsers tell what a page's policy stopped (CSP Level 3 §5.3, OWASP ASVS 3.4.7).
pub(super) const REPORT_PATH: &str = "/csp-report";

/// Logs what a browser reports; what it says is anybody's word, so little of it is kept.
pub(super) async fn csp_report(
    report: Result<axum::body::Bytes, axum::extract::rejection::BytesRejection>,
) -> StatusCode {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Violation {
        #[serde(default)]
        effective_directive: String,
        #[serde(default)]
        blocked_uri: String,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Report {
        csp_report: Violation,
    }
    let Ok(report) = report else { return StatusCode::PAYLOAD_TOO_LARGE };
    let Ok(Report { csp_report }) = serde_json::from_slice(&report) else { return StatusCode::UNPROCESSABLE_ENTITY };
    // An address may carry what somebody typed: its origin is enough.
    let blocked = csp_report.blocked_uri.split(['?', '#']).next().unwrap_or_default();
    let origin_end = blocked.match_indices('/').nth(2).map_or(blocked.len(), |(at, _)| at);
    let cut = |text: &str| text.chars().filter(|c| !c.is_control()).take(100).collect::<String>();
    tracing::warn!(
        event = "csp_violation",
        directive = cut(&csp_report.effective_directive),
        blocked = cut(&blocked[..origin_end])
    );
    StatusCode::NO_CONTENT
}

/// Refuses addresses that no browser sends: dot segments, which the guard and the page router would read differently,
/// names longer than a file's may be, and requests for no path at all.
pub(super) async fn ordinary_paths(request: Request, next: Next) -> Response {
    match request.uri().path_and_query() {
        Some(target) if is_ordinary(target.path()) => next.run(request).await,
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn is_ordinary(path: &str) -> bool {
    const LONGEST_SEGMENT: usize = 200;
    let decoded = path.to_ascii_lowercase().replace("%2e", ".");
    !path.contains('\\') && decoded.split('/').all(|part| part != "." && part != ".." && part.len() <= LONGEST_SEGMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_could_be_read_in_two_ways_is_refused() {
        for path in ["/x/../account", "/./account", "/%2e/account", "/x/%2E%2e/account", "/x\\..\\account"] {
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
