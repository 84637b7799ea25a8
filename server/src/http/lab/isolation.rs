//! What pages of other origins may ask of the lab: nothing of what its own pages read, and of its pages only that a window
//! or a frame goes to them. Browsers say where a request comes from in `Sec-Fetch-Site` (W3C Fetch Metadata §2.3), also
//! where they send cookies along, as they do from another port of the same host. Requests without it, those of curl and of
//! old browsers, pass: their answers cannot be read across origins either (CORP, and no CORS).

use crate::http::text::header_text;
use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    header_text(headers, "sec-fetch-site").is_some_and(|site| !["same-origin", "none"].contains(&site))
}

/// For what the lab's own pages ask.
pub(super) async fn own_pages(request: Request, next: Next) -> Response {
    if is_from_elsewhere(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// For pages: those of other origins may be led here, in a window or in a frame, and load nothing of them otherwise.
pub(super) async fn navigations(request: Request, next: Next) -> Response {
    let navigates = header_text(request.headers(), "sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    if is_from_elsewhere(request.headers()) && !navigates {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// Whether the browser says that whoever asks is of the same site: an operator may have named two origins of one, which
/// share their cookies.
pub(super) fn is_of_same_site(headers: &HeaderMap) -> bool {
    header_text(headers, "sec-fetch-site").is_some_and(|site| ["same-origin", "same-site"].contains(&site))
}
