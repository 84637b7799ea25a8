//! The built files: hashed and kept for ever under `pkg`, the few others for an hour. Both are sent precompressed.

use super::AppState;
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::Response,
    routing::MethodRouter,
};
use leptos::config::LeptosOptions;
use std::path::Path;
use tower::ServiceBuilder;
use tower_http::services::ServeDir;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_AN_HOUR: &str = "public, max-age=3600";

/// The files; an address that is none of them is answered by `not_found`.
pub(super) fn routes(options: &LeptosOptions, not_found: MethodRouter) -> Router<AppState> {
    let root = Path::new(&*options.site_root);
    let package = &*options.site_pkg_dir;
    let lifetime = if options.hash_files { FOR_EVER } else { "no-cache" };
    Router::new()
        .nest_service(
            &format!("/{package}"),
            ServiceBuilder::new()
                .map_response(move |response| cached(response, lifetime))
                .service(ServeDir::new(root.join(package)).precompressed_br().precompressed_gzip()),
        )
        .fallback_service(
            ServeDir::new(root)
                .append_index_html_on_directories(false)
                .precompressed_br()
                .precompressed_gzip()
                .call_fallback_on_method_not_allowed(true)
                .fallback(not_found),
        )
        .layer(axum::middleware::map_response(|response: Response| async { cached(response, FOR_AN_HOUR) }))
}

/// Says how long a file that was found may be kept, unless something closer to it has said so.
fn cached<B>(mut response: axum::http::Response<B>, lifetime: &'static str) -> axum::http::Response<B> {
    if matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT) {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(lifetime));
    }
    response
}
