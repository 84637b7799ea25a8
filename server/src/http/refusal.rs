//! Refusals in one form: JSON for a program, a page for a document. What a layer or a library refuses with a status alone is
//! told by that status, so that no answer has words of theirs.

use app::AppError;
use axum::{
    Json,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

/// On an answer that is a refusal in the server's own form: why, in words.
#[derive(Clone)]
struct Told(String);

/// On an answer that stays as it is, whatever its status.
#[derive(Clone, Copy)]
pub(crate) struct Bare;

/// An error as plain HTTP: status, JSON and, where waiting helps, `Retry-After`.
pub(crate) fn refusal(error: AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], error.to_wire()).into_response();
    if let Some(seconds) = error.wait() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.extensions_mut().insert(Told(error.to_string()));
    response
}

/// The same where the one who asked is known: a page for a document.
pub(crate) fn refusal_to(headers: &HeaderMap, error: AppError) -> Response {
    let refusal = refusal(error);
    if is_document(headers) { as_page(refusal) } else { refusal }
}

/// Whether a browser asks for a page: `Accept` names HTML, and does not exclude it (RFC 9110 §12.5.1).
pub(crate) fn is_document(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|member| {
        let mut parts = member.split(';').map(str::trim);
        let is_html = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        is_html && weight.and_then(|weight| weight.parse::<f32>().ok()) != Some(0.0)
    })
}

/// Gives every refusal that comes from further in the server's own form.
pub(crate) async fn in_one_form(request: Request, next: Next) -> Response {
    let is_document = is_document(request.headers());
    let answer = next.run(request).await;
    if !(answer.status().is_client_error() || answer.status().is_server_error()) || is_page(&answer) {
        return answer;
    }
    let answer = if answer.extensions().get::<Told>().is_some() { answer } else { told_by_status(answer) };
    if is_document { as_page(answer) } else { answer }
}

/// Whether it is a page already, or has a reason to be as it is.
fn is_page(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    // Of a page in no acceptable coding the compression leaves the head.
    let is_whole = answer.status() != StatusCode::NOT_ACCEPTABLE;
    is_whole && kind.starts_with(b"text/html") || answer.extensions().get::<Bare>().is_some()
}

/// The refusal that a status stands for.
fn told_by_status(answer: Response) -> Response {
    let status = answer.status();
    let told = match status.as_u16() {
        413 => refusal(AppError::TooLarge),
        422 => refusal(AppError::BadRequest),
        503 => refusal(AppError::Busy),
        _ => {
            let (code, words) = spelling(status);
            let mut told = Json(json!({ "error": code, "message": words })).into_response();
            told.extensions_mut().insert(Told(words.to_owned()));
            told
        }
    };
    let (mut head, _) = answer.into_parts();
    for name in [header::CONTENT_ENCODING, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
        head.headers.remove(name);
    }
    let (refusal, body) = told.into_parts();
    head.headers.extend(refusal.headers);
    head.extensions.extend(refusal.extensions);
    Response::from_parts(head, body)
}

/// The word and the sentence for a status that no [`AppError`] has.
fn spelling(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        403 => (
            "other_site",
            "The server takes this from pages of its own alone. Open the page here and send it from there.",
        ),
        404 => ("not_found", "There is nothing at this address. Check it, or begin at the bench."),
        405 => {
            ("method_not_allowed", "This address does not take that method. The field Allow names those that it takes.")
        }
        406 => {
            ("not_acceptable", "The server has this uncompressed, by gzip and by brotli. Accept one of these codings.")
        }
        412 => ("precondition_failed", "It is not as the request expects it to be. Ask again without the condition."),
        414 => ("uri_too_long", "That address is too long. Shorten it."),
        415 => (
            "unsupported_media_type",
            "The server does not read a body of that kind. Send it in UTF-8, uncompressed, as the field Accept names it.",
        ),
        416 => ("range_not_satisfiable", "The file has no such part. The field Content-Range says how long it is."),
        417 => ("expectation_failed", "The server meets no expectation but 100-continue. Leave it out."),
        421 => (
            "misdirected_request",
            "This server does not answer under that name. Whoever runs it adds the name with --host.",
        ),
        431 => (
            "header_too_large",
            "The request's header is too large: 32 KiB and 100 fields are taken. Delete some of this site's cookies.",
        ),
        501 => ("not_implemented", "The server knows no such method or transfer coding."),
        500..=599 => ("internal", "Something went wrong on the server. Try again."),
        _ => (
            "malformed_request",
            "The server does not follow this request: its address or its header can be read in more than one way.",
        ),
    }
}

/// The same refusal as a page that needs nothing beside it.
fn as_page(answer: Response) -> Response {
    let (mut head, _) = answer.into_parts();
    let words = head.extensions.get::<Told>().map(|told| told.0.as_str()).unwrap_or_default();
    let page = Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Refused · Storage Lab</title></head><body><main>\
         <h1>The server did not do that</h1><p>{words}</p><p>HTTP status {status}. <a href=\"/\">To the bench</a></p>\
         </main></body></html>\n",
        status = head.status.as_u16(),
    ));
    let (page, body) = page.into_response().into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.extend(page.headers);
    Response::from_parts(head, Body::new(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::browsers(&["text/html,application/xhtml+xml,*/*;q=0.8"], true)]
    #[case::in_any_case(&["application/json, TEXT/HTML;Q=0.1"], true)]
    #[case::in_the_second_line(&["application/json", "text/html"], true)]
    #[case::excluded(&["text/html;q=0, */*"], false)]
    #[case::excluded_to_the_digit(&["text/html; q=0.000"], false)]
    #[case::scripts(&["*/*"], false)]
    #[case::another_type(&["text/htmlx"], false)]
    #[case::nothing(&[], false)]
    fn a_document_is_asked_for_by_accept(#[case] lines: &[&str], #[case] expected: bool) {
        let headers = lines.iter().map(|line| (header::ACCEPT, HeaderValue::from_str(line).unwrap())).collect();
        assert_eq!(is_document(&headers), expected);
    }

    #[test]
    fn no_words_need_an_escape_in_a_page() {
        let of_errors = AppError::ALL.map(|error| error.to_string());
        let of_statuses = (400..600).map(|status| spelling(StatusCode::from_u16(status).unwrap()).1.to_owned());
        for words in of_errors.into_iter().chain(of_statuses) {
            assert!(!words.contains(['<', '&']), "{words}");
        }
    }
}
