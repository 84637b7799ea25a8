//! The server session: named values on the server, of which the browser holds no more than the id.

use super::Draft;
use crate::{
    AppError,
    bench::{delete_value, model::Refusal, put_value},
};

pub(super) async fn put(draft: &Draft) -> Result<(), Refusal> {
    let put = |again| put_value(draft.name.clone(), draft.value.to_string(), Some(again), None);
    let outcome = match put(false).await {
        Err(AppError::SessionEnded) => put(true).await,
        outcome => outcome,
    };
    outcome.map_err(Refusal::Server)
}

pub(super) async fn delete(name: &str) -> Result<(), Refusal> {
    delete_value(name.to_owned(), None).await.map_err(Refusal::Server)
}
