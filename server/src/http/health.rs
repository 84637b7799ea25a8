//! For operators: is the process there, is it ready.

use super::refusal;
use crate::store::Store;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

/// `/healthz`: the process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `/readyz`: the database answers too.
pub(super) async fn ready(State(store): State<Store>) -> Response {
    match store.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => refusal(error.into()),
    }
}
