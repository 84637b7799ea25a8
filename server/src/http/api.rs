//! The server functions over HTTP, and `whoami`.

use super::{
    AppState,
    limit::{self, Limit},
    refusal, text,
};
use app::{AppError, request::Visitor};
use axum::{
    Extension, Json, Router,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::from_fn_with_state,
    response::{IntoResponse, Redirect, Response},
    routing::{MethodFilter, any, get, on},
};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::handle_server_fns_with_context;
use serde_json::json;
use std::sync::Arc;

/// The server function that anybody may let work as often as they type.
const RATE_PASSWORD: &str = "/api/strength";
/// Those whose arguments are no form's fields, but JSON.
const JSON_FUNCTIONS: [&str; 2] = ["/api/progress/save", "/api/trial/save"];
/// Most bytes of an error on the wire.
const ERROR_LIMIT: usize = 1_024;

/// `GET /api/whoami`: the name of the user that the identifying layer found, or 401.
async fn who_am_i(Extension(visitor): Extension<Visitor>) -> Response {
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

/// A route for each server function; any other address below `/api` is nothing.
pub(crate) fn functions() -> Router<AppState> {
    let rating = from_fn_with_state(Arc::new(Limit::of_ratings()), limit::hold);
    let functions = server_fn_paths().fold(Router::new(), |router, (path, method)| {
        let function =
            MethodFilter::try_from(method).map_or_else(|_| any(server_function), |by| on(by, server_function));
        let kind = if JSON_FUNCTIONS.contains(&path) { "application/json" } else { text::FORM };
        let function = function.layer(from_fn_with_state(kind, text::body_is));
        router.route(path, if path == RATE_PASSWORD { function.layer(rating.clone()) } else { function })
    });
    functions.route("/api/whoami", get(who_am_i)).route("/api/{*function}", any(|| async { StatusCode::NOT_FOUND }))
}

/// Runs a server function, and gives its error the right status.
async fn server_function(State(state): State<AppState>, mut request: Request) -> Response {
    // Leptos knows no HEAD; the router leaves the body out.
    if *request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
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
