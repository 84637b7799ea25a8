//! Paths that two readers could read in two ways.

use super::text::is_text;
use axum::{
    extract::Request,
    http::{StatusCode, header, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses ambiguous paths with 400, and leads from another spelling of a path to the usual one (308). The guard and the page router would read dot segments and bytes that are not UTF-8
/// differently; two slashes at the start make another site's address of the path alone. Segments longer than a file's name and
/// requests without a path are refused as well.
pub(crate) async fn unambiguous(request: Request, next: Next) -> Response {
    match request.uri().path_and_query() {
        Some(target) if is_unambiguous(target.path()) => match usual(target) {
            Some(usual) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, usual)]).into_response(),
            None => next.run(request).await,
        },
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The target in its usual spelling where it has another: `%61` is `a` (RFC 3986 §6.2.2.2), but the router would not find it.
fn usual(target: &PathAndQuery) -> Option<String> {
    let path = target.path();
    let mut usual = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        usual.push_str(before);
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let is_unreserved = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
        match byte.filter(is_unreserved) {
            Some(byte) => {
                usual.push(char::from(byte));
                rest = &after[2..];
            }
            None => {
                usual.push('%');
                rest = after;
            }
        }
    }
    usual.push_str(rest);
    let query = target.query().map(|query| format!("?{query}")).unwrap_or_default();
    (usual != path).then(|| usual + &query)
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
    fn a_path_in_another_spelling_has_a_usual_one() {
        let usual = |target: &str| usual(&target.parse().unwrap());
        assert_eq!(usual("/%6Cogin?a=%61"), Some("/login?a=%61".to_owned()));
        assert_eq!(usual("/lab/echo/%7e%2D%5f"), Some("/lab/echo/~-_".to_owned()));
        for target in ["/login?a=%61", "/a%2Fb", "/%2561", "/%E6%BC%A2", "/100%", "/%4", "/%+1", "/a%20b"] {
            assert_eq!(usual(target), None, "{target}");
        }
    }

    #[test]
    fn an_ordinary_address_passes() {
        for path in ["/", "/account", "/pkg/storage-lab.a1.wasm", "/..a", "/.well-known/x"] {
            assert!(is_unambiguous(path), "{path}");
        }
    }
}
