//! The built files, precompressed. Under `pkg` browsers keep a file for ever where its name changes with its content, and ask
//! each time where it does not; other files they keep for an hour.

use super::{AppState, turns};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state, map_response},
    response::Response,
    routing::MethodRouter,
};
use leptos::config::LeptosOptions;
use std::path::Path;
use tower_http::services::ServeDir;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_AN_HOUR: &str = "public, max-age=3600";
/// It is kept, but the browser asks each time whether it is still the same.
const ASKED_ABOUT: &str = "no-cache";

/// The files; an address that is none of them is answered by `not_found`.
pub(crate) fn routes(options: &LeptosOptions, not_found: MethodRouter) -> Router<AppState> {
    let root = Path::new(&*options.site_root);
    let package = &*options.site_pkg_dir;
    let built = Router::new()
        .nest_service(&format!("/{package}"), ServeDir::new(root.join(package)).precompressed_br().precompressed_gzip())
        .layer(from_fn({
            let options = options.clone();
            move |request: Request, next: Next| {
                let lifetime = lifetime(&options, request.uri().path());
                async move { cached(next.run(request).await, lifetime) }
            }
        }));
    built
        .fallback_service(
            ServeDir::new(root)
                .append_index_html_on_directories(false)
                .precompressed_br()
                .precompressed_gzip()
                .call_fallback_on_method_not_allowed(true)
                .fallback(not_found),
        )
        .layer(map_response(|response: Response| async { cached(response, FOR_AN_HOUR) }))
        .layer(from_fn_with_state(turns::files(), turns::hold_file))
}

/// How long a built file may be kept. The style sheet and the chunks carry a hash of their content in their name. The
/// app's own script and WASM do too, but the build writes the name of the chunks' loader into them afterwards: when only
/// a chunk has changed they keep their name, and so did the loader in earlier versions of cargo-leptos. A browser that
/// mixed two builds would not wake the page.
fn lifetime(options: &LeptosOptions, path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let app = name.strip_prefix(&*options.output_name).is_some_and(|rest| rest.starts_with('.'));
    let renamed = options.hash_files && (name.ends_with(".css") || !(app || name.starts_with("__wasm_split")));
    if renamed { FOR_EVER } else { ASKED_ABOUT }
}

/// Says how long a file that was found may be kept, unless something closer to it has said so.
fn cached<B>(mut response: axum::http::Response<B>, lifetime: &'static str) -> axum::http::Response<B> {
    if matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT) {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(lifetime));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(hash_files: bool) -> LeptosOptions {
        LeptosOptions::builder().output_name("storage-lab").hash_files(hash_files).build()
    }

    #[test]
    fn a_file_whose_name_changes_with_its_content_is_kept_for_ever() {
        for name in ["storage-lab.Zq0.css", "split_accounts.aB1.wasm", "chunk_2.aB1.wasm"] {
            assert_eq!(lifetime(&options(true), &format!("/pkg/{name}")), FOR_EVER, "{name}");
        }
    }

    #[test]
    fn a_file_that_may_change_under_its_name_is_asked_about() {
        for name in
            ["storage-lab.Zq0.js", "storage-lab.Zq0.wasm", "__wasm_split.Zq0.js", "__wasm_split_manifest.Zq0.json"]
        {
            assert_eq!(lifetime(&options(true), &format!("/pkg/{name}")), ASKED_ABOUT, "{name}");
        }
        assert_eq!(lifetime(&options(false), "/pkg/split_accounts.wasm"), ASKED_ABOUT);
    }
}
