//! `/lab/hash`, `/lab/seal` and `/lab/unseal`: hashes a password, and seals values that the client keeps.

use super::extract::FormOrQuery;
use crate::{
    experiments::Experiments,
    http::{AppState, cookies, refusal},
};
use app::{AppError, bench::is_lab_name};
use axum::{
    Json, Router,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use std::sync::Arc;

/// Most bytes of a value to seal: sealed, it still fits into a cookie.
const LONGEST_VALUE: usize = 2_048;
/// Most keys that the server holds at once.
const MOST_KEYS: usize = 4;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/lab/hash", post(hash)).route("/lab/seal", post(seal)).route("/lab/unseal", get(unseal))
}

#[derive(Deserialize)]
struct ToHash {
    password: String,
    memory_kib: u32,
    iterations: u32,
}

async fn hash(
    State(lab): State<Arc<Experiments>>,
    FormOrQuery(ToHash { password, memory_kib, iterations }): FormOrQuery<ToHash>,
) -> Response {
    match lab.hashing.hash(password, memory_kib, iterations).await {
        Ok(hashed) => Json(hashed).into_response(),
        Err(error) => refusal(error),
    }
}

#[derive(Deserialize)]
struct ToSeal {
    /// The cookie that will hold it.
    name: String,
    value: String,
    /// The key, by its number.
    key: u8,
}

async fn seal(
    State(lab): State<Arc<Experiments>>,
    FormOrQuery(ToSeal { name, value, key }): FormOrQuery<ToSeal>,
) -> Response {
    if !is_lab_name(&name) {
        return refusal(AppError::NotALabName);
    }
    if value.len() > LONGEST_VALUE || name.len() > LONGEST_VALUE {
        return refusal(AppError::TooLarge);
    }
    match lab.seal.seal(&name, &value, key) {
        Ok(sealed) => sealed.into_response(),
        Err(error) => refusal(error),
    }
}

#[derive(Deserialize)]
struct ToOpen {
    /// The cookie that holds it.
    name: String,
    /// The keys that the server holds, by their numbers: `2,1`.
    keys: String,
}

/// Opens the sealed value in the request's cookie.
async fn unseal(
    State(lab): State<Arc<Experiments>>,
    headers: HeaderMap,
    FormOrQuery(ToOpen { name, keys }): FormOrQuery<ToOpen>,
) -> Response {
    let Ok(keys) = keys.split(',').map(str::parse).collect::<Result<Vec<u8>, _>>() else {
        return refusal(AppError::BadRequest);
    };
    if !is_lab_name(&name) || keys.len() > MOST_KEYS {
        return refusal(AppError::BadRequest);
    }
    match lab.seal.open(&name, cookies::first(&headers, &name).unwrap_or_default(), &keys) {
        Ok(opened) => Json(opened).into_response(),
        Err(error) => refusal(error),
    }
}
