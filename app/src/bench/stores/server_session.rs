//! The server session: named values on the server, of which the browser holds no more than the id.

use super::Draft;
use crate::{
    AppError,
    bench::{Expected, delete_value, model::Refusal, put_value},
};

pub(super) async fn put(draft: &Draft, before: Option<&Draft>) -> Result<(), Refusal> {
    let expected = before.map_or(Expected::Nothing, value);
    let put = |again| put_value(draft.name.clone(), draft.value.to_string(), Some(again), Some(expected.clone()));
    let outcome = match put(false).await {
        Err(AppError::SessionEnded) => put(true).await,
        outcome => outcome,
    };
    outcome.map_err(Refusal::Server)
}

pub(super) async fn delete(draft: &Draft) -> Result<(), Refusal> {
    delete_value(draft.name.clone(), Some(value(draft))).await.map_err(Refusal::Server)
}

/// What the server must still hold for a write to happen.
fn value(draft: &Draft) -> Expected {
    Expected::Value(draft.value.to_string())
}
