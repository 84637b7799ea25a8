//! The headers that every answer carries (OWASP ASVS 5.0 V3.4).

use super::address::{Channel, Client};
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ALWAYS: [(HeaderName, &str); 2] = [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (RESOURCE_POLICY, "same-origin")];
/// What browsers heed of documents alone.
const OF_DOCUMENTS: [(HeaderName, &str); 3] = [
    (header::X_FRAME_OPTIONS, "DENY"),
    // Forms without scripts find their way back by the referrer, so it stays within the site.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// On a script, a style sheet or a program, which no browser shows: a page fetches a dozen of them, and each header with each.
#[derive(Clone, Copy)]
pub(crate) struct NoDocument;

/// On an answer that may stand in a frame: its own policy says in whose.
#[derive(Clone, Copy)]
pub(crate) struct MayBeFramed;

/// On an answer that pages of every origin may load.
#[derive(Clone, Copy)]
pub(crate) struct ForEveryOrigin;

/// A year (OWASP ASVS 5.0 V3.4.1).
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Adds the security headers. An answer without a policy of its own gets one under which nothing runs; an answer without
/// `Cache-Control` is not stored.
pub(crate) async fn add(request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().copied().unwrap_or_default();
    let mut response = next.run(request).await;
    let framed = response.extensions().get::<MayBeFramed>().is_some();
    let for_every_origin = response.extensions().get::<ForEveryOrigin>().is_some();
    let is_document = response.extensions().get::<NoDocument>().is_none();
    let headers = response.headers_mut();
    for (name, value) in ALWAYS.into_iter().chain(OF_DOCUMENTS.into_iter().filter(|_| is_document)) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if framed {
        // This header cannot list sites; the page's own policy does.
        headers.remove(header::X_FRAME_OPTIONS);
    }
    if for_every_origin {
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    // Not over a self-signed certificate: the browser would then refuse every other server on localhost.
    if client.channel == Channel::Tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
