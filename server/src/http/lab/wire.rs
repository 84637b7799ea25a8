//! `GET /lab/wire`: the record of the page that asks.

use crate::http::AppState;
use app::bench::wire::PAGE_HEADER;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

/// Answers with the record of the page whose id the request's header has; nobody but the page knows this id.
pub(super) async fn exchanges(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let page = headers.get(PAGE_HEADER).and_then(|id| id.to_str().ok());
    match page.and_then(|page| state.wire.exchanges(page)) {
        Some(exchanges) => Json(exchanges).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
