//! The questions that the bench puts to the lab's endpoints.

use crate::{
    AppError,
    client::http::{Request, Response},
    json::{self, FromJson},
    wire::{Exchange, Received},
};

/// Where a request goes that is sent without credentials, so that it can be told from the others.
pub(crate) const WITHOUT_COOKIES: &str = "/lab/echo/without-cookies";

/// What the server recorded of this page, the latest last; `None` where it keeps no record.
pub(crate) async fn exchanges() -> Result<Option<Vec<Exchange>>, AppError> {
    let recorded = Request::get("/lab/wire").recorded().send().await?;
    if recorded.status() == 404 { Ok(None) } else { answer(recorded).await.map(Some) }
}

/// Sends a request, with the browser's cookies or without, and learns what arrived.
pub(crate) async fn echo(with_cookies: bool) -> Result<Received, AppError> {
    let path = if with_cookies { "/lab/echo" } else { WITHOUT_COOKIES };
    received(Request { cookies: with_cookies, ..Request::get(path).recorded() }).await
}

/// What arrived of a request to `/lab/echo`.
pub(crate) async fn received(request: Request) -> Result<Received, AppError> {
    answer(request.send().await?).await
}

async fn answer<T: FromJson>(answer: Response) -> Result<T, AppError> {
    let body = answer.success().await?.text().await?;
    json::parse(&body).ok_or(AppError::Internal)
}
