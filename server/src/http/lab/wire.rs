//! `GET /lab/wire`: what is recorded of the page that asks.

use crate::http::AppState;
use app::bench::wire::PAGE_HEADER;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

/// The page's id is all that opens its record: nobody but the page has it.
pub(super) async fn exchanges(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let page = headers.get(PAGE_HEADER).and_then(|id| id.to_str().ok());
    match page.and_then(|page| state.wire.exchanges(page)) {
        Some(exchanges) => Json(exchanges).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
