//! What a request of the lab says: the fields of its form, or of its query.

use crate::http::refusal;
use app::AppError;
use axum::{
    Form,
    extract::{FromRequest, Request},
    response::Response,
};
use serde::de::DeserializeOwned;

/// The fields of a form, with `GET` those of the query. What cannot be read is refused as a bad request.
pub(super) struct Sent<T>(pub T);

impl<S, T> FromRequest<S> for Sent<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        match Form::from_request(request, state).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(_) => Err(refusal(AppError::BadRequest)),
        }
    }
}
