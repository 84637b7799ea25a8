//! The forgery experiment. `/lab/forge` is a page of the other site that sends requests here; `/lab/transfer` is their
//! target, the one address without the check for requests from other sites. It changes nothing: it notes what came, and
//! `/lab/transfers` tells it.

use super::{
    frames::{is_name, page},
    sites::OtherSite,
};
use crate::{
    experiments::Experiments,
    http::{AppState, refusal},
};
use app::{
    AppError,
    bench::{is_lab_name, wire::received_cookies},
    experiments::subject::Arrived,
};
use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

/// The one address that requests from other sites may change something at, if only this record.
pub(crate) const UNGUARDED_PATH: &str = "/lab/transfer";

/// Their routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/lab/forge", get(forge))
        .route(UNGUARDED_PATH, get(transfer).post(transfer))
        .route("/lab/transfers", get(transfers))
}

/// Which run it belongs to: a name that the page drew.
#[derive(Deserialize)]
struct Run {
    run: String,
}

/// Stands on the other site: it asks for an image, sends a request by script and then submits a form, all here. With
/// scripts off there is a button.
async fn forge(other: OtherSite, Query(Run { run }): Query<Run>) -> Response {
    let Some(origin) = &other.0 else { return StatusCode::NOT_FOUND.into_response() };
    if !is_name(&run) {
        return refusal(AppError::BadRequest);
    }
    let target = format!("{origin}{UNGUARDED_PATH}?run={run}");
    let body = format!(
        "<h1>You have won</h1><p>This page of another site makes your browser send requests to the lab.</p>\
         <form method=\"post\" action=\"{target}\"><button>Collect the prize</button></form>\
         <p><a href=\"{target}\">See the prize</a></p><script type=\"module\" src=\"/forge.js\"></script>"
    );
    let policy = format!(
        "default-src 'none'; script-src 'self'; connect-src {origin}; img-src {origin}; form-action {origin}; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    let mut response = page("A page of the other site", &body).into_response();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Notes what came.
async fn transfer(
    State(lab): State<Experiments>,
    Query(Run { run }): Query<Run>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if !is_name(&run) {
        return refusal(AppError::BadRequest);
    }
    lab.transfers.note(&run, arrived(&method, &headers));
    page("The target", "<h1>The request has arrived</h1><p>This page may be closed.</p>").into_response()
}

fn arrived(method: &Method, headers: &HeaderMap) -> Arrived {
    let field = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let fetch_site = field("sec-fetch-site");
    let lines = headers.get_all(header::COOKIE).iter().flat_map(|line| received_cookies(line.as_bytes()));
    let from_here = matches!(fetch_site.as_deref(), None | Some("same-origin" | "none"));
    Arrived {
        method: method.to_string(),
        origin: field("origin"),
        fetch_mode: field("sec-fetch-mode"),
        cookies: lines.map(|cookie| cookie.name).filter(|name| is_lab_name(name)).collect(),
        would_be_refused: !method.is_safe() && !from_here,
        fetch_site,
    }
}

/// Tells what came.
async fn transfers(State(lab): State<Experiments>, Query(Run { run }): Query<Run>) -> Json<Vec<Arrived>> {
    Json(lab.transfers.of(&run))
}
