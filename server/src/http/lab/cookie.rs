//! `POST /lab/cookie`: sets a cookie over HTTP, by exactly the line that the visitor has seen before.

use crate::http::{redaction::cookie_name, refusal};
use app::{AppError, bench::is_lab_name};
use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Most bytes of a line: twice what a browser takes as a cookie, so that its refusal can be seen.
pub(super) const LONGEST_LINE: usize = 8_192;

pub(super) async fn set(form: Result<Bytes, BytesRejection>) -> Response {
    let Ok(form) = form else { return refusal(AppError::TooLarge) };
    let field = form_urlencoded::parse(&form).find(|(name, _)| name == "line");
    match field.ok_or(AppError::BadRequest).and_then(|(_, line)| read(&line)) {
        Ok(line) => (StatusCode::NO_CONTENT, [(header::SET_COOKIE, line)]).into_response(),
        Err(error) => refusal(error),
    }
}

/// Checks that a line sets a cookie of the lab and is a legal header value, which has no control characters but tabs and any
/// octets beyond ASCII (RFC 9110 §5.5). Everything but the name is up to the visitor.
fn read(line: &str) -> Result<HeaderValue, AppError> {
    if line.len() > LONGEST_LINE {
        return Err(AppError::TooLarge);
    }
    match cookie_name(line) {
        Some(name) if is_lab_name(name) => HeaderValue::from_bytes(line.as_bytes()).map_err(|_| AppError::BadRequest),
        _ => Err(AppError::NotALabName),
    }
}
