//! The pages that the survival matrix sends its reader to: the reader itself, a page of the other site that frames it,
//! a page to go away to; and what the server saw of the reader's request.
//!
//! The pages hold nothing that a visitor typed. Only this site and the other one may frame them.

use super::extract::{InQuery, is_name};
use crate::{
    http::{
        other_site::{Authority, OtherSite},
        refusal,
        security_headers::MayBeFramed,
        state::AppState,
    },
    ids::read_id,
};
use app::{
    bench::{Column, Marker, Travelled},
    request::Visitor,
};
use axum::{
    Extension, Json, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

/// The pages.
pub(super) fn pages() -> Router<AppState> {
    Router::new().route("/lab/reader", get(reader)).route("/lab/embed", get(embed)).route("/lab/away", get(away))
}

/// The route that they ask.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/lab/markers", get(markers))
}

/// A page that reads what is left of the markers and reports it to the bench.
async fn reader(other: OtherSite) -> Response {
    let body = format!(
        "<meta name=\"lab-other-site\" content=\"{}\"><p>This page reads the lab’s markers. It may be closed.</p>\
         <script type=\"module\" src=\"/reader.js\"></script>",
        other.0.as_deref().unwrap_or_default()
    );
    framed(&other, "script-src 'self'; connect-src 'self'", page("Reader", &body))
}

/// Which report a reader is asked for: a name that the bench drew.
#[derive(Deserialize)]
struct Report {
    report: String,
}

/// A page of the other site that frames a reader of this one.
async fn embed(other: OtherSite, InQuery(Report { report }): InQuery<Report>) -> Response {
    let Some(origin) = &other.0 else { return StatusCode::NOT_FOUND.into_response() };
    if !is_name(&report) {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let body = format!("<iframe title=\"Reader\" src=\"{origin}/lab/reader?report={report}\"></iframe>");
    framed(&other, &format!("frame-src {origin}"), page("A page of the other site", &body))
}

/// Where a visitor comes back to.
#[derive(Deserialize)]
struct Way {
    trial: String,
}

/// Another document, which leads back to the bench at once.
async fn away(InQuery(Way { trial }): InQuery<Way>) -> Response {
    if read_id(&trial).is_none() {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let way = format!("/?trial={trial}");
    let body = format!(
        "<meta http-equiv=\"refresh\" content=\"0; url={way}\"><h1>Away from the bench</h1>\
         <p><a href=\"{way}\">Back to the bench</a></p>"
    );
    page("Away", &body).into_response()
}

/// The markers that the server saw: those anywhere in the head of this request, and the one that its session holds.
async fn markers(
    State(AppState { services, other_port, .. }): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    other: OtherSite,
    Authority(authority): Authority,
    head: Parts,
) -> Response {
    let values = match &visitor.session {
        Some(session) => services.values.list(session.id).await,
        None => Ok(Vec::new()),
    };
    let values = match values {
        Ok(values) => values,
        Err(error) => return refusal(error),
    };
    let target = head.uri.to_string();
    let fields = head.headers.values().map(|value| value.as_bytes()).chain([target.as_bytes()]);
    let held = values.into_iter().find(|value| value.name == Column::ServerSession.marker_name());
    Json(Travelled {
        carried: fields.flat_map(Marker::find).collect(),
        held: held.map(|value| value.value),
        other_site: other.0,
        other_port: other_port.seen_from(&authority),
    })
    .into_response()
}

pub(super) fn page(title: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title} · Storage Lab</title>{body}</html>"
    ))
}

/// A page that may stand in frames of this site and of the other; `may` is what its policy allows.
pub(super) fn framed(other: &OtherSite, may: &str, page: Html<String>) -> Response {
    let ancestors = other.in_policy();
    let rules = format!("{may}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'{ancestors}");
    (Extension(MayBeFramed), under(&rules, page)).into_response()
}

/// A page that may stand in no frame; `may` is what its policy allows.
pub(super) fn unframed(may: &str, page: Html<String>) -> Response {
    under(&format!("{may}; base-uri 'none'; frame-ancestors 'none'"), page)
}

fn under(rules: &str, page: Html<String>) -> Response {
    let mut response = page.into_response();
    if let Ok(policy) = HeaderValue::try_from(format!("default-src 'none'; {rules}")) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
