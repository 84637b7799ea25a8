//! What is answered where the app does not answer.

use super::origin::Origin;
use crate::http::is_document;
use axum::{
    Json,
    http::{Method, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use hyper_util::client::legacy::Error;
use maud::{DOCTYPE, Markup, html};
use serde_json::json;
use std::{error, io};

/// How often a page looks whether the app is there again, in seconds.
const AGAIN_AFTER: u32 = 2;

/// Whether a browser shows the answer, and may ask again by itself.
pub(super) fn is_shown(parts: &Parts) -> bool {
    is_document(&parts.headers) && matches!(parts.method, Method::GET | Method::HEAD)
}

/// 502 (RFC 9110 §15.6.3), with what happened and what to do: a page where it [`is_shown`].
pub(super) fn answer(app: &Origin, is_shown: bool, error: &Error) -> Response {
    let [what, remedy] = in_words(error);
    tracing::info!(%app, what, "the app did not answer");
    let message = format!("{app} does not answer: {what}. {remedy}");
    let answer = if is_shown {
        let content = html! {
            p { (message) }
            p { "This page looks again every " (AGAIN_AFTER) " seconds." }
        };
        Html(bare("Your app does not answer", Some(AGAIN_AFTER), &content)).into_response()
    } else {
        Json(json!({ "error": "app_does_not_answer", "message": message })).into_response()
    };
    (StatusCode::BAD_GATEWAY, [(header::CACHE_CONTROL, "no-store")], answer).into_response()
}

/// A page that needs no file beside it; it is asked for again after so many seconds.
pub(super) fn bare(title: &str, again_after: Option<u32>, content: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if let Some(seconds) = again_after { meta http-equiv="refresh" content=(seconds); }
                title { (title) }
            }
            body { main { h1 { (title) } (content) } }
        }
    }
    .into_string()
}

/// What happened, and what to do.
pub(crate) fn in_words(error: &Error) -> [&'static str; 2] {
    const START: &str = "Start it, or name another one with --app.";
    let causes = causes(error);
    if causes.iter().any(|cause| cause.is::<rustls::Error>()) {
        return ["its certificate is not trusted", "For one of development add --app-insecure."];
    }
    let kind = causes.iter().find_map(|cause| Some(cause.downcast_ref::<io::Error>()?.kind()));
    match (error.is_connect(), kind) {
        (true, Some(io::ErrorKind::ConnectionRefused)) => ["nothing listens there", START],
        (true, Some(io::ErrorKind::TimedOut)) => ["it takes no connection", START],
        (true, _) => ["no connection can be made", START],
        (false, _) => ["it hung up before its answer", "Look at what it says itself, then try again."],
    }
}

/// An error and what it comes from. One of input and output that wraps another passes it over as its source.
fn causes(error: &Error) -> Vec<&(dyn error::Error + 'static)> {
    let mut causes: Vec<&(dyn error::Error + 'static)> = Vec::new();
    let mut next: Option<&(dyn error::Error + 'static)> = Some(error);
    while let Some(cause) = next {
        causes.push(cause);
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = wrapped.map(|wrapped| wrapped as &(dyn error::Error + 'static)).or_else(|| cause.source());
    }
    causes
}
