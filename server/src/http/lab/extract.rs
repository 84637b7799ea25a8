//! Extractors for the lab's requests: the fields of a form or of a query, and the run that a request belongs to.

use crate::http::refusal;
use app::AppError;
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::{StatusCode, request::Parts},
    response::Response,
};
use serde::{Deserialize, de::DeserializeOwned};

/// The fields of a form, or with `GET` and `HEAD` those of the query. The rejection is [`AppError::BadRequest`] or [`AppError::TooLarge`].
pub(super) struct FormOrQuery<T>(pub T);

impl<S, T> FromRequest<S> for FormOrQuery<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        // `Form` reads the query for GET alone, but HEAD is to be answered as GET is (RFC 9110 §9.3.2).
        if request.method().is_safe() {
            let InQuery(fields) = InQuery::from_request_parts(&mut request.into_parts().0, state).await?;
            return Ok(Self(fields));
        }
        match Form::from_request(request, state).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(refusal(AppError::TooLarge)),
            Err(_) => Err(refusal(AppError::BadRequest)),
        }
    }
}

/// The fields of the query. The rejection is [`AppError::BadRequest`].
pub(super) struct InQuery<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for InQuery<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let fields = Query::try_from_uri(&parts.uri).map_err(|_| refusal(AppError::BadRequest));
        fields.map(|Query(fields)| Self(fields))
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
        let InQuery(named) = InQuery::<Self>::from_request_parts(parts, &()).await?;
        if is_name(&named.run) { Ok(named) } else { Err(refusal(AppError::BadRequest)) }
    }
}

/// Whether a text may name a run or a report: 1 to 32 ASCII letters and digits.
pub(super) fn is_name(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}
