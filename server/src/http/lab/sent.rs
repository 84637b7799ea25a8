//! What a request of the lab says: the fields of its form, or of its query, which run it belongs to, and its header.

use super::frames::is_name;
use crate::http::refusal;
use app::AppError;
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::{HeaderMap, request::Parts},
    response::Response,
};
use serde::{Deserialize, de::DeserializeOwned};

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

/// The run that a request names in its query: `run=…`, letters and digits. Other names are refused as a bad request.
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

/// A header field's value, where it is text.
pub(super) fn field<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
