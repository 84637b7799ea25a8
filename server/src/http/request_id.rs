//! The id under which a request stands in the log and in its answer.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

/// The header that names it: a proxy's, or else one of our own.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Most bytes of an id that is accepted.
const LONGEST: usize = 64;

/// Drops a request's id if it is too long or has other characters than letters, digits and `._-`; then a new one is drawn.
pub(crate) async fn accept(mut request: Request, next: Next) -> Response {
    let mut ids = request.headers().get_all(REQUEST_ID).iter();
    let only = ids.next().filter(|_| ids.next().is_none());
    if !only.is_some_and(is_plain) {
        request.headers_mut().remove(REQUEST_ID);
    }
    next.run(request).await
}

fn is_plain(id: &HeaderValue) -> bool {
    let legal = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(legal)
}
