//! The built files, precompressed. Those that are built have the site's version in their address, so browsers keep them for
//! ever; other files they keep for an hour. About those of a folder, which may be built anew at any time, they ask each time.

use super::{AppState, refusal::Bare, security_headers::NoDocument, turns};
use crate::site::{PACKAGE, Site, Source};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state, map_request, map_response},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use std::path::PathBuf;
use tower_http::services::{
    ServeDir,
    fs::{Backend, TokioBackend},
};

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_AN_HOUR: &str = "public, max-age=3600";
/// It is kept, but the browser asks each time whether it is still the same.
const ASKED_ABOUT: &str = "no-cache";

/// The files; an address that is none of them is answered by `not_found`.
pub(crate) fn routes(site: &Site, not_found: MethodRouter) -> Router<AppState> {
    match &site.source {
        Source::Carried(carried) => files(&site.package, PathBuf::new(), carried, FOR_EVER, not_found),
        Source::Folder(folder) => files(&site.package, folder.clone(), &TokioBackend, ASKED_ABOUT, not_found),
    }
}

fn files<B: Backend>(
    package: &str,
    root: PathBuf,
    backend: &B,
    lifetime: &'static str,
    not_found: MethodRouter,
) -> Router<AppState> {
    let serve = |path| ServeDir::with_backend(path, backend.clone()).precompressed_br().precompressed_gzip();
    let kept = move |lifetime| map_response(move |response: Response| async move { cached(response, lifetime) });
    Router::new()
        .nest_service(package, serve(root.join(PACKAGE)))
        .layer(kept(lifetime))
        .layer(map_response(part_of_a_page))
        // Of another build.
        .route(&format!("/{PACKAGE}/{{*file}}"), any(|| async { StatusCode::NOT_FOUND }))
        .layer(map_response(bare_where_missing))
        .fallback_service(serve(root).append_index_html_on_directories(false).fallback(not_found))
        .layer(kept(FOR_AN_HOUR))
        .layer(from_fn(only_read))
        .layer(map_request(with_plain_range))
        .layer(from_fn_with_state(turns::files(), turns::hold_file))
}

/// What is built is no document. Its `ETag` says when it is another one.
async fn part_of_a_page(mut response: Response) -> Response {
    if response.status().is_success() {
        response.extensions_mut().insert(NoDocument);
    }
    if response.headers().contains_key(header::ETAG) {
        response.headers_mut().remove(header::LAST_MODIFIED);
    }
    response
}

/// No page and no words: nobody reads it, and a browser counts a file as done once its body is.
async fn bare_where_missing(mut response: Response) -> Response {
    if response.status() == StatusCode::NOT_FOUND {
        response.extensions_mut().insert(Bare);
    }
    response
}

/// Answers 405 where a file is asked for by another method than `GET` and `HEAD`, and as to `GET` where there is none.
async fn only_read(mut request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    *request.method_mut() = Method::GET;
    let answer = next.run(request).await;
    if !answer.status().is_success() && answer.status() != StatusCode::NOT_MODIFIED {
        return answer;
    }
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET,HEAD")]).into_response()
}

/// Leaves out a `Range` that need not be followed, or must not be (RFC 9110 §14.2): of another unit than bytes, malformed, of
/// several parts, or on the condition that nothing has changed, which `ServeDir` does not look at.
async fn with_plain_range(mut request: Request) -> Request {
    let headers = request.headers_mut();
    let mut ranges = headers.get_all(header::RANGE).iter();
    let is_plain =
        ranges.next().is_none_or(|range| range.to_str().is_ok_and(is_plain_range)) && ranges.next().is_none();
    if !is_plain || headers.contains_key(header::IF_RANGE) {
        headers.remove(header::RANGE);
    }
    request
}

/// `bytes=0-99`, `bytes=100-` or `bytes=-100`.
fn is_plain_range(range: &str) -> bool {
    // Without the sign that `u64` would read.
    let position = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true if text.is_empty() => Some(None),
        true => text.parse::<u64>().ok().map(Some),
        false => None,
    };
    let ends = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    match ends.and_then(|(first, last)| Some((position(first)?, position(last)?))) {
        Some((Some(first), Some(last))) => first <= last,
        Some((first, last)) => first.is_some() || last.is_some(),
        None => false,
    }
}

/// Says how long a file that was found may be kept, unless something closer to it has said so.
fn cached(mut response: Response, lifetime: &'static str) -> Response {
    if matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT) {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(lifetime));
    }
    response
}
