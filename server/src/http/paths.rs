//! Paths that two readers could read in two ways.

use super::text::is_text;
use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses ambiguous paths with 400. The guard and the page router would read dot segments and bytes that are not UTF-8
/// differently; two slashes at the start make another site's address of the path alone. Segments longer than a file's name and
/// requests without a path are refused as well.
pub(crate) async fn unambiguous(request: Request, next: Next) -> Response {
    match request.uri().path_and_query() {
        Some(target) if is_unambiguous(target.path()) => next.run(request).await,
        // With words: a browser shows an error of its own instead of an empty page.
        _ => {
            (StatusCode::BAD_REQUEST, "The server does not follow this address: it can be read in more than one way.\n")
                .into_response()
        }
    }
}

fn is_unambiguous(path: &str) -> bool {
    const LONGEST_SEGMENT: usize = 200;
    let decoded = path.to_ascii_lowercase().replace("%2e", ".");
    !path.contains('\\')
        && !path.starts_with("//")
        && is_text(path.as_bytes())
        && decoded.split('/').all(|part| part != "." && part != ".." && part.len() <= LONGEST_SEGMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_could_be_read_in_two_ways_is_refused() {
        for path in [
            "/x/../account",
            "/./account",
            "/%2e/account",
            "/x/%2E%2e/account",
            "/x\\..\\account",
            "//account",
            "//evil.example/x",
            "/%FF",
            "/a%E0%A4%A",
        ] {
            assert!(!is_unambiguous(path), "{path}");
        }
        assert!(!is_unambiguous(&format!("/{}", "a".repeat(300))));
    }

    #[test]
    fn an_ordinary_address_passes() {
        for path in ["/", "/account", "/pkg/storage-lab.a1.wasm", "/..a", "/.well-known/x"] {
            assert!(is_unambiguous(path), "{path}");
        }
    }
}
