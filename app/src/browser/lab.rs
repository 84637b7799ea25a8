//! The questions that the bench puts to the lab's endpoints.

use crate::{
    AppError,
    wire::{Exchange, PAGE_HEADER, Received, page_id},
};
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use web_sys::RequestCredentials;

/// Where a request goes that is sent without credentials, so that it can be told from the others.
pub(crate) const WITHOUT_COOKIES: &str = "/lab/echo/without-cookies";

/// What the server recorded of this page, the latest last; `None` where it keeps no record.
pub(crate) async fn exchanges() -> Result<Option<Vec<Exchange>>, AppError> {
    let recorded = of_page(Request::get("/lab/wire")).send().await.map_err(|_| AppError::Unreachable)?;
    if recorded.status() == 404 { Ok(None) } else { answer(checked(recorded).await?).await.map(Some) }
}

/// Sends a request, with the browser's cookies or without, and learns what arrived.
pub(crate) async fn echo(with_cookies: bool) -> Result<Received, AppError> {
    let (path, credentials) = match with_cookies {
        true => ("/lab/echo", RequestCredentials::SameOrigin),
        false => (WITHOUT_COOKIES, RequestCredentials::Omit),
    };
    let sent = of_page(Request::get(path)).credentials(credentials).send().await.map_err(|_| AppError::Unreachable)?;
    answer(checked(sent).await?).await
}

fn of_page(request: RequestBuilder) -> RequestBuilder {
    match page_id() {
        Some(id) => request.header(PAGE_HEADER, &id),
        None => request,
    }
}

async fn checked(answer: Response) -> Result<Response, AppError> {
    if answer.ok() {
        return Ok(answer);
    }
    let error = answer.text().await.ok();
    Err(error.and_then(|error| AppError::from_wire(&error)).unwrap_or(AppError::Internal))
}

async fn answer<T: DeserializeOwned>(answer: Response) -> Result<T, AppError> {
    answer.json().await.map_err(|_| AppError::Internal)
}
