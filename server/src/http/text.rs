//! Fields are text. A decoder of forms replaces bytes that are not UTF-8 (WHATWG URL §5.1), so that two different passwords
//! would become one; such requests are refused before anything reads them.

use super::refusal::{is_document, refusal};
use app::{
    AppError,
    routing::{safe_next, with_query},
};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
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

/// The media type of a form's fields.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// Answers 415 where the body is said to be anything but this media type in UTF-8 (RFC 9110 §15.5.16). Without a word about it the
/// body is taken for that.
pub(crate) async fn body_is(State(expected): State<&'static str>, request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_expected = |kind: &HeaderValue| kind.to_str().is_ok_and(|kind| is_in_utf_8(kind, expected));
    if *request.method() == Method::POST && !kind.is_none_or(is_expected) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, [(header::ACCEPT, expected)]).into_response();
    }
    next.run(request).await
}

fn is_in_utf_8(content_type: &str, expected: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let is_expected = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(expected));
    let is_utf_8 = |charset: &str| ["utf-8", "utf8"].iter().any(|name| charset.eq_ignore_ascii_case(name));
    let mut charsets =
        parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
    is_expected && charsets.all(|(_, charset)| is_utf_8(charset.trim_matches('"')))
}

/// Whether percent-encoded bytes are UTF-8 once decoded.
pub(super) fn is_text(encoded: &[u8]) -> bool {
    percent_decode(encoded).decode_utf8().is_ok()
}

/// The answer: the page with its form for a form without scripts, else a refusal.
fn refused(head: &Parts) -> Response {
    let error = AppError::BadRequest;
    let is_form = is_document(&head.headers) && !head.method.is_safe();
    match is_form.then(|| form_again(&head.headers, head.uri.path(), error)).flatten() {
        Some(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        None => refusal(error),
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
    fn a_form_is_told_by_its_type_whatever_else_that_says() {
        for kind in [
            "application/x-www-form-urlencoded",
            "Application/X-WWW-Form-URLEncoded; charset=UTF-8",
            "application/x-www-form-urlencoded;charset=\"utf-8\"; a=b",
            "application/x-www-form-urlencoded;",
        ] {
            assert!(is_in_utf_8(kind, FORM), "{kind}");
        }
        for kind in [
            "",
            ";",
            "application/json; charset=utf-8",
            "multipart/form-data; boundary=a",
            "text/plain;charset=UTF-8",
            "application/x-www-form-urlencoded; charset=utf-16",
            "application/x-www-form-urlencoded; charset=\"iso-8859-1\"",
            "application/x-www-form-urlencodedx",
        ] {
            assert!(!is_in_utf_8(kind, FORM), "{kind}");
        }
    }

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
