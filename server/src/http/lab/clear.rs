//! `POST /lab/clear-site-data`: asks the browser to forget what it keeps of this site (W3C Clear Site Data §3.1).

use crate::http::refusal;
use app::AppError;
use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The kinds of data that may be cleared, as the form and as the header spell them.
const KINDS: [(&str, &str); 4] =
    [("cookies", "\"cookies\""), ("storage", "\"storage\""), ("cache", "\"cache\""), ("*", "\"*\"")];

pub(super) async fn clear(form: Result<Bytes, BytesRejection>) -> Response {
    let Ok(form) = form else { return refusal(AppError::TooLarge) };
    match read(&form) {
        Some(value) => (StatusCode::NO_CONTENT, [(CLEAR_SITE_DATA, value)]).into_response(),
        None => refusal(AppError::BadRequest),
    }
}

/// One kind of data, by its spelling in forms.
pub(super) fn kind(spelling: &str) -> Option<&'static str> {
    KINDS.iter().map(|(kind, _)| *kind).find(|kind| *kind == spelling)
}

/// The header for the fields named `kind`, each kind once; `None` without any, or with an unknown kind.
fn read(form: &[u8]) -> Option<HeaderValue> {
    let mut kinds = Vec::new();
    for (_, kind) in form_urlencoded::parse(form).filter(|(name, _)| name == "kind") {
        let (_, quoted) = KINDS.iter().find(|(known, _)| *known == kind)?;
        if !kinds.contains(quoted) {
            kinds.push(*quoted);
        }
    }
    if kinds.is_empty() { None } else { HeaderValue::try_from(kinds.join(", ")).ok() }
}
