//! Keeps pages of other origins out of the lab: they may request nothing that the lab's own pages read, and may only navigate
//! a window or a frame to the lab's pages. Browsers say in `Sec-Fetch-Site` where a request comes from (W3C Fetch Metadata
//! §2.3), also where they send cookies along, as they do from another port of the same host. Requests without it, those of curl and of
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

/// Refuses requests of other origins with 403, for what the lab's own pages request.
pub(crate) async fn own_pages(request: Request, next: Next) -> Response {
    if is_from_elsewhere(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// Refuses requests of other origins with 403 unless they are navigations, for the lab's pages.
pub(crate) async fn navigations(request: Request, next: Next) -> Response {
    if !may_have_page(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// Whether a page may be handed out: to a navigation, or to a request of the lab's own.
pub(crate) fn may_have_page(headers: &HeaderMap) -> bool {
    let navigates = header_text(headers, "sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    navigates || !is_from_elsewhere(headers)
}

/// Whether the browser says that the request comes from the same site: an operator may have named two origins of one site,
/// which share their cookies.
pub(super) fn is_of_same_site(headers: &HeaderMap) -> bool {
    header_text(headers, "sec-fetch-site").is_some_and(|site| ["same-origin", "same-site"].contains(&site))
}
