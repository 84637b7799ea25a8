//! The server session: named values on the server, of which the browser holds no more than the id.

use super::{draft::Draft, refusal::Refusal};
use crate::{
    AppError,
    sessions::{Expected, delete_value, put_value},
    text::units::usv,
};

/// What the server must still hold for a write to happen.
pub(crate) fn expected(before: Option<&Draft>) -> Expected {
    before.map_or(Expected::Nothing, |before| Expected::Value(usv(&before.value).into_owned()))
}

pub(crate) async fn put(draft: &Draft, expected: Option<Expected>) -> Result<(), Refusal> {
    let (name, value) = (usv(&draft.name), usv(&draft.value));
    let put = |again| put_value(name.to_string(), value.to_string(), Some(again), expected.clone());
    let outcome = match put(false).await {
        Err(AppError::SessionEnded) => put(true).await,
        outcome => outcome,
    };
    outcome.map_err(Refusal::Server)
}

pub(crate) async fn delete(name: &str, expected: Option<Expected>) -> Result<(), Refusal> {
    delete_value(usv(name).into_owned(), expected).await.map_err(Refusal::Server)
}
