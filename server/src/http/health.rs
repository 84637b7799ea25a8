//! Liveness and readiness, for operators.

use super::refusal;
use crate::store::Store;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// `/healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// `/readyz`: the database answers too.
pub(crate) async fn ready(State(store): State<Arc<Store>>) -> Response {
    match store.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => refusal(error.into()),
    }
}
