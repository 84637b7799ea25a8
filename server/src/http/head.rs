//! How long the head of a request may be.

use super::REQUEST_ID;
use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Most bytes of a request's head.
pub(crate) const HEAD_LIMIT: usize = 32 * 1024;

/// Answers 431 to a longer one (RFC 6585 §5). hyper's own limit is one of what it has read ahead: whether it lets the same
/// head pass depends on the pieces in which it came.
pub(super) async fn limit(request: Request, next: Next) -> Response {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let line = request.method().as_str().len() + target + "  HTTP/1.1\r\n".len();
    match line + bytes(request.headers()) + "\r\n".len() {
        ..=HEAD_LIMIT => next.run(request).await,
        _ => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response(),
    }
}

/// What header fields take over HTTP/1.1, without the request's id: a layer further out may have added that.
fn bytes(headers: &HeaderMap) -> usize {
    let fields = headers.iter().filter(|(name, _)| *name != REQUEST_ID);
    fields.map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
}
