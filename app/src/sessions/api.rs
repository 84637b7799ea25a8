//! The bench's server functions: the server session's values, and what the server saw of this very request.

#![expect(
    missing_docs,
    reason = "the fields of the structs that `#[server]` makes are the documented functions' arguments"
)]

use super::{Expected, Observation};
use crate::{AppError, wire::WireClient};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{SessionValue, SessionView},
    crate::services::Request,
    crate::wire::received_cookies,
    http::header,
};

/// What the server sees now: the cookies of the request that asks, and the session it opens.
#[server(prefix = "/api", client = WireClient, endpoint = "observe")]
pub async fn observe() -> Result<Observation, AppError> {
    let Request { services, visitor, parts, .. } = Request::current()?;
    let headers: Vec<_> = parts.headers.get_all(header::COOKIE).iter().map(|line| line.as_bytes()).collect();
    let header_bytes = headers.iter().map(|line| "cookie: ".len() + line.len() + "\r\n".len()).sum::<usize>();
    let cookies = headers.iter().copied().flat_map(received_cookies).collect();
    let session = match visitor.session {
        Some(session) => Some(SessionView {
            values: services.values.list(session.id).await?,
            id: session.public_id,
            username: session.user.map(|user| user.username),
            expires_at: session.expires_at,
        }),
        None => None,
    };
    let cookie_header_bytes = u32::try_from(header_bytes).unwrap_or(u32::MAX);
    Ok(Observation { now: visitor.now, cookie_header_bytes, cookies, session })
}

/// Keeps a value on the server; the first one starts an anonymous session. A token that opens nothing gets a new
/// session only when asked `again`: the first time, another tab may just have been given a new token, which a new
/// cookie would overwrite. Where something is `expected`, nothing is written unless it is still there.
#[server(prefix = "/api", client = WireClient, endpoint = "values/put")]
pub async fn put_value(
    name: String,
    value: String,
    again: Option<bool>,
    expected: Option<Expected>,
) -> Result<(), AppError> {
    let request = Request::current()?;
    if request.visitor.stale && again != Some(true) {
        return Err(AppError::SessionEnded);
    }
    let value = SessionValue { name, value };
    if let Some(session) = request.services.values.put(&request.visitor, value, expected).await? {
        request.hand_out(&session);
    }
    Ok(())
}

/// Forgets one value of this visitor's session; where something is `expected`, only if it is still there.
#[server(prefix = "/api", client = WireClient, endpoint = "values/delete")]
pub async fn delete_value(name: String, expected: Option<Expected>) -> Result<(), AppError> {
    let Request { services, visitor, .. } = Request::current()?;
    match visitor.session {
        Some(session) => services.values.delete(session.id, &name, expected).await,
        None => Ok(()),
    }
}

/// Forgets several values of this visitor's session, all or none.
#[server(prefix = "/api", client = WireClient, endpoint = "values/delete-several")]
pub async fn delete_values(#[server(default)] names: Vec<String>) -> Result<(), AppError> {
    let Request { services, visitor, .. } = Request::current()?;
    match visitor.session {
        Some(session) => services.values.delete_several(session.id, names).await,
        None => Ok(()),
    }
}

/// Forgets every value of this visitor's session; the session itself goes on.
#[server(prefix = "/api", client = WireClient, endpoint = "values/clear")]
pub async fn clear_values() -> Result<(), AppError> {
    let Request { services, visitor, .. } = Request::current()?;
    match visitor.session {
        Some(session) => services.values.clear(session.id).await,
        None => Ok(()),
    }
}
