//! Fields are text. A decoder of forms replaces bytes that are not UTF-8 (WHATWG URL §5.1), so that two different passwords
//! would become one; such requests are refused before anything reads them.

use super::refusal;
use app::{
    AppError,
    routing::{safe_next, with_query},
};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode;
use url::Url;

/// Most bytes of a request's body: a session's values, percent-encoded, fit with room to spare.
const BODY_LIMIT: usize = 256 * 1024;

/// Reads the body within its limit, and lets the request pass if query and body are text; else it answers 422.
pub(crate) async fn fields_are_text(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else { return refusal(AppError::TooLarge) };
    if is_text(head.uri.query().unwrap_or_default().as_bytes()) && is_text(&body) {
        next.run(Request::from_parts(head, Body::from(body))).await
    } else {
        refused(&head)
    }
}

/// Whether percent-encoded bytes are UTF-8 once decoded.
pub(super) fn is_text(encoded: &[u8]) -> bool {
    percent_decode(encoded).decode_utf8().is_ok()
}

/// The answer: JSON for a script, the page with its form for a form without scripts, a sentence for a link.
fn refused(head: &Parts) -> Response {
    let error = AppError::BadRequest;
    let is_page = |accept: &HeaderValue| accept.to_str().is_ok_and(|accept| accept.contains("text/html"));
    if !head.headers.get(header::ACCEPT).is_some_and(is_page) {
        return refusal(error);
    }
    let back = if head.method.is_safe() { None } else { form_again(&head.headers, head.uri.path(), error) };
    match back {
        Some(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        None => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}

/// The page that the form stands in, with the error; where a page has several forms, they are told apart by the last part of
/// their action.
fn form_again(headers: &HeaderMap, action: &str, error: AppError) -> Option<HeaderValue> {
    let page = Url::parse(headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    let form = action.rsplit('/').next().unwrap_or_default();
    let next = page.query_pairs().find(|(name, _)| name == "next").map(|(_, next)| next.into_owned());
    let fields = [("error", error.code()), ("form", form), ("next", next.as_deref().unwrap_or_default())];
    HeaderValue::try_from(with_query(&safe_next(page.path()), fields)).ok()
}

/// The value of a header field, where it is text.
pub(super) fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_is_utf_8_in_the_end() {
        for text in ["", "a=b&c=%E6%BC%A2", "漢", "100%", "%zz", "a=%00"] {
            assert!(is_text(text.as_bytes()), "{text}");
        }
        for garbage in [&b"a=%FF"[..], b"a=%E6%BC&b=%A2", b"%C0%AF", b"%ED%A0%80", b"a=\xff", b"%E0%A4%A"] {
            assert!(!is_text(garbage), "{garbage:?}");
        }
    }
}
