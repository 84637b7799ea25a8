//! What the server sees of a request.

use super::{Observation, SessionView, port::SessionValues};
use crate::{AppError, request::Visitor, wire::received_cookies};
use http::{header, request::Parts};
use leptos::prelude::use_context;

/// What the server saw of the request for a page that shows it. In the extensions of that request.
#[derive(Clone, Debug)]
pub struct FirstObservation(pub Result<Observation, AppError>);

/// What the server sees of a request: its cookies, and the session that they open.
///
/// # Errors
/// [`AppError::Unavailable`]; [`AppError::Internal`] where nobody has found out who is asking.
pub async fn observation(values: &dyn SessionValues, request: &Parts) -> Result<Observation, AppError> {
    let visitor = request.extensions.get::<Visitor>().ok_or(AppError::Internal)?;
    let headers: Vec<_> = request.headers.get_all(header::COOKIE).iter().map(|line| line.as_bytes()).collect();
    let header_bytes = headers.iter().map(|line| "cookie: ".len() + line.len() + "\r\n".len()).sum::<usize>();
    let session = match visitor.session.clone() {
        Some(session) => Some(SessionView {
            values: values.list(session.id).await?,
            id: session.public_id,
            username: session.user.map(|user| user.username),
            expires_at: session.expires_at,
        }),
        None => None,
    };
    Ok(Observation {
        now: visitor.now,
        cookie_header_bytes: u32::try_from(header_bytes).unwrap_or(u32::MAX),
        cookies: headers.into_iter().flat_map(received_cookies).collect(),
        session,
    })
}

/// What the server saw of the request for the page that is being rendered, where the page shows it.
pub(crate) fn first_observation() -> Option<Result<Observation, AppError>> {
    let parts = use_context::<Parts>()?;
    parts.extensions.get::<FirstObservation>().map(|FirstObservation(seen)| seen.clone())
}
