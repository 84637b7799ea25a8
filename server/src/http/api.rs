//! The server functions over HTTP, and `whoami`.

use super::{AppState, refusal};
use app::{AppError, request::Visitor};
use axum::{
    Extension, Json,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos_axum::handle_server_fns_with_context;
use serde_json::json;

/// Most bytes of an error on the wire.
const ERROR_LIMIT: usize = 1_024;

/// `GET /api/whoami`: the name of the user that the identifying layer found, or 401.
pub(crate) async fn who_am_i(Extension(visitor): Extension<Visitor>) -> Response {
    match visitor.user() {
        Ok(user) => Json(json!({ "username": user.username })).into_response(),
        Err(error) => refusal(error),
    }
}

/// `POST /account/export`: all that is kept of an account, as a file to download. Unless the password was confirmed a short
/// while ago, the answer leads to the page that asks for it.
pub(crate) async fn export(State(state): State<AppState>, Extension(visitor): Extension<Visitor>) -> Response {
    match state.services.accounts.export(&visitor).await {
        Ok(export) => {
            let file = HeaderValue::from_static("attachment; filename=\"storage-lab-account.json\"");
            ([(header::CONTENT_DISPOSITION, file)], Json(export)).into_response()
        }
        Err(AppError::ConfirmFirst) => Redirect::to("/account/confirm?next=/account").into_response(),
        Err(error) => refusal(error),
    }
}

/// Runs a server function, and gives its error the right status.
pub(crate) async fn server_function(State(state): State<AppState>, request: Request) -> Response {
    let services = state.services.clone();
    let answer = handle_server_fns_with_context(move || services.provide(), request).await;
    let mut answer = with_status_of_its_error(answer.into_response()).await;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Leptos answers every error with 500; the status belongs to the error.
async fn with_status_of_its_error(answer: Response) -> Response {
    if answer.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return answer;
    }
    let (head, body) = answer.into_parts();
    let error =
        to_bytes(body, ERROR_LIMIT).await.ok().and_then(|body| AppError::from_wire(std::str::from_utf8(&body).ok()?));
    let mut answer = refusal(error.unwrap_or(AppError::Internal));
    for (name, value) in head.headers.iter().filter(|(name, _)| !answer_owns(name)) {
        answer.headers_mut().append(name, value.clone());
    }
    answer
}

fn answer_owns(name: &header::HeaderName) -> bool {
    [header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name)
}
