//! What HTTP asks of every request, whatever it is for (RFC 9110, RFC 9112).

use super::{request_id::REQUEST_ID, text::header_text};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Most bytes of a request line and its header fields.
pub(crate) const HEAD_LIMIT: usize = 32 * 1024;

/// The methods that HTTP defines (RFC 9110 §9.3, RFC 5789); an address takes some of them.
const METHODS: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::OPTIONS,
    Method::PUT,
    Method::DELETE,
    Method::PATCH,
    Method::TRACE,
    Method::CONNECT,
];

/// Fields that stand once at most (RFC 9110 §5.3, RFC 6454 §7.3), and by which it is decided what a request may do: two readers
/// could take two of them in two ways. `Host` is looked at with the hosts.
const SINGLE: [HeaderName; 6] = [
    header::ORIGIN,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::REFERER,
    HeaderName::from_static("sec-fetch-site"),
    HeaderName::from_static("sec-fetch-mode"),
];

/// The only content coding of a request's body that is read.
const UNCODED: HeaderValue = HeaderValue::from_static("identity");

/// Refuses what the server does not implement or cannot read in one way alone.
pub(crate) async fn conform(request: Request, next: Next) -> Response {
    if let Err(status) = check(&request) {
        let mut refusal = status.into_response();
        if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            // What is read instead (RFC 9110 §12.5.3).
            refusal.headers_mut().insert(header::ACCEPT_ENCODING, UNCODED);
        }
        return refusal;
    }
    next.run(request).await
}

/// Answers `OPTIONS` (RFC 9110 §9.3.7) for every address, and names it among the methods that an address takes. It stands around
/// the router, which adds `Allow` to what its layers answer.
pub(crate) async fn answer_options(request: Request, next: Next) -> Response {
    let is_asked = *request.method() == Method::OPTIONS;
    let is_for_server = is_asked && request.uri().path() == "*";
    let mut answer = next.run(request).await;
    let allow = match header_text(answer.headers(), "allow") {
        _ if is_for_server => "GET, HEAD, POST".to_owned(),
        Some(methods) if answer.status() == StatusCode::METHOD_NOT_ALLOWED => methods.replace(',', ", "),
        _ => return answer,
    };
    if let Ok(allow) = HeaderValue::try_from(format!("{allow}, {}", Method::OPTIONS)) {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    if is_asked {
        *answer.status_mut() = StatusCode::NO_CONTENT;
        *answer.body_mut() = Body::empty();
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
            answer.headers_mut().remove(name);
        }
    }
    answer
}

/// # Errors
/// The status that refuses the request.
fn check(request: &Request) -> Result<(), StatusCode> {
    let headers = request.headers();
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    // hyper's own limit counts what it has read ahead, so that it depends on the pieces in which a head comes whether it passes.
    let line = request.method().as_str().len() + target + "  HTTP/1.1\r\n".len();
    if line > HEAD_LIMIT {
        return Err(StatusCode::URI_TOO_LONG);
    }
    if line + bytes(headers) + "\r\n".len() > HEAD_LIMIT {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    if !METHODS.contains(request.method()) {
        return Err(StatusCode::NOT_IMPLEMENTED);
    }
    // A host alone, as CONNECT has it: this is no proxy (RFC 9112 §3.2.3).
    if request.uri().path_and_query().is_none() {
        return Err(StatusCode::BAD_REQUEST);
    }
    if SINGLE.iter().any(|name| headers.get_all(name).iter().nth(1).is_some()) {
        return Err(StatusCode::BAD_REQUEST);
    }
    // hyper takes away `chunked` where it is the last coding, and knows no other (RFC 9112 §6.1).
    if !is_only(headers, header::TRANSFER_ENCODING, "chunked") {
        return Err(StatusCode::NOT_IMPLEMENTED);
    }
    if !is_only(headers, header::CONTENT_ENCODING, "identity") {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    if !is_only(headers, header::EXPECT, "100-continue") {
        return Err(StatusCode::EXPECTATION_FAILED);
    }
    Ok(())
}

/// Bytes of header fields over HTTP/1.1, without the request's id: a layer further out may have added that.
fn bytes(headers: &HeaderMap) -> usize {
    let fields = headers.iter().filter(|(name, _)| *name != REQUEST_ID);
    fields.map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
}

/// Whether all members of a field's list are this one; it may be missing.
fn is_only(headers: &HeaderMap, name: HeaderName, member: &str) -> bool {
    headers.get_all(name).iter().all(|line| {
        line.to_str().is_ok_and(|line| {
            line.split(',').map(str::trim).all(|one| one.is_empty() || one.eq_ignore_ascii_case(member))
        })
    })
}
