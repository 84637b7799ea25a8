//! Extractors for the lab's requests: the fields of a form or of a query, and the run that a request belongs to.

use crate::http::refusal;
use app::AppError;
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::request::Parts,
    response::Response,
};
use serde::{Deserialize, de::DeserializeOwned};

/// The fields of a form, or with `GET` those of the query. The rejection is [`AppError::BadRequest`].
pub(super) struct FormOrQuery<T>(pub T);

impl<S, T> FromRequest<S> for FormOrQuery<T>
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

/// The run that a request names in its query: `run=…`, letters and digits. The rejection is [`AppError::BadRequest`].
#[derive(Deserialize)]
pub(super) struct Named {
    pub run: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match Query::<Self>::try_from_uri(&parts.uri) {
            Ok(Query(named)) if is_name(&named.run) => Ok(named),
            _ => Err(refusal(AppError::BadRequest)),
        }
    }
}

/// Whether a text may name a run or a report: 1 to 32 ASCII letters and digits.
pub(super) fn is_name(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}
