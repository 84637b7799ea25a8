//! The limit of a request's header section, request line included.

use super::request_id::REQUEST_ID;
use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Most bytes of a request line and its header fields.
pub(crate) const HEAD_LIMIT: usize = 32 * 1024;

/// Answers 431 where they are longer (RFC 6585 §5). hyper's own limit counts what it has read ahead, so that it depends on the
/// pieces in which a header comes whether it passes.
pub(crate) async fn limit(request: Request, next: Next) -> Response {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let line = request.method().as_str().len() + target + "  HTTP/1.1\r\n".len();
    match line + bytes(request.headers()) + "\r\n".len() {
        ..=HEAD_LIMIT => next.run(request).await,
        _ => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response(),
    }
}

/// Bytes of header fields over HTTP/1.1, without the request's id: a layer further out may have added that.
fn bytes(headers: &HeaderMap) -> usize {
    let fields = headers.iter().filter(|(name, _)| *name != REQUEST_ID);
    fields.map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
}
