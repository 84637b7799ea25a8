//! `POST /lab/cookie`: sets cookies over HTTP, by exactly the lines that the visitor has seen before.

use crate::http::{redaction::cookie_name, refusal};
use app::{
    AppError,
    bench::{MOST_LINE_BYTES, MOST_LINES, is_lab_name},
};
use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};

/// Every field named `line` is a `Set-Cookie` of the answer, in their order; all or none.
pub(super) async fn set(form: Result<Bytes, BytesRejection>) -> Response {
    let Ok(form) = form else { return refusal(AppError::TooLarge) };
    match read_all(&form) {
        Ok(lines) => {
            let fields = lines.into_iter().map(|line| (header::SET_COOKIE, line));
            (StatusCode::NO_CONTENT, AppendHeaders(fields)).into_response()
        }
        Err(error) => refusal(error),
    }
}

fn read_all(form: &[u8]) -> Result<Vec<HeaderValue>, AppError> {
    let lines: Vec<_> = form_urlencoded::parse(form).filter(|(name, _)| name == "line").map(|(_, line)| line).collect();
    if lines.is_empty() {
        return Err(AppError::BadRequest);
    }
    if lines.len() > MOST_LINES || lines.iter().map(|line| line.len()).sum::<usize>() > MOST_LINE_BYTES {
        return Err(AppError::TooLarge);
    }
    lines.iter().map(|line| read(line)).collect()
}

/// Checks that a line sets a cookie of the lab and is a legal header value, which has no control characters but tabs and any
/// octets beyond ASCII (RFC 9110 §5.5). Everything but the name is up to the visitor.
fn read(line: &str) -> Result<HeaderValue, AppError> {
    match cookie_name(line) {
        Some(name) if is_lab_name(name) => HeaderValue::from_bytes(line.as_bytes()).map_err(|_| AppError::BadRequest),
        _ => Err(AppError::NotALabName),
    }
}
