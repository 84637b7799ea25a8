//! The built files, precompressed. Those that are built have the site's version in their address, so browsers keep them for
//! ever; other files they keep for an hour. About those of a folder, which may be built anew at any time, they ask each time.

use super::{AppState, turns};
use crate::site::{PACKAGE, Site, Source};
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    middleware::{from_fn_with_state, map_response},
    response::Response,
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
        // Of another build. No page: nobody reads it, and a browser counts a file as done once its body is.
        .route(&format!("/{PACKAGE}/{{*file}}"), any(|| async { StatusCode::NOT_FOUND }))
        .fallback_service(
            serve(root)
                .append_index_html_on_directories(false)
                .call_fallback_on_method_not_allowed(true)
                .fallback(not_found),
        )
        .layer(kept(FOR_AN_HOUR))
        .layer(from_fn_with_state(turns::files(), turns::hold_file))
}

/// Says how long a file that was found may be kept, unless something closer to it has said so.
fn cached(mut response: Response, lifetime: &'static str) -> Response {
    if matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT) {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(lifetime));
    }
    response
}
