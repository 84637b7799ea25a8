//! `GET /lab/events`: tells an open page at once that its session's values changed, or that the session ended (Server-Sent
//! Events, WHATWG HTML §9.2). The page asks for the new values itself.

use crate::{
    http::{AppState, Client, refusal},
    push::{Hub, News},
    sessions::Sessions,
};
use app::request::Visitor;
use axum::{
    Extension,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{StreamExt, stream};
use std::convert::Infallible;

/// Keeps proxies from holding back what is told: nginx' word for "no buffer", and no transformation, as compressing is one
/// (RFC 9111 §5.2.2.6).
const UNBUFFERED: [(HeaderName, HeaderValue); 2] = [
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
];

/// Without a session it answers 204, after which browsers do not reconnect.
pub(super) async fn events(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    Extension(client): Extension<Client>,
) -> Response {
    let Some(session) = &visitor.session else { return StatusCode::NO_CONTENT.into_response() };
    let hub: &Hub = &state.hub;
    match hub.listen(session, Sessions::clone(&state.sessions), client.address) {
        Ok(news) => {
            // Firefox takes a stream for open at its first byte; without the comment that would be the first news.
            let begun = stream::iter([Event::default().comment("listening")]);
            let told = begun.chain(news.map(event)).map(Ok::<_, Infallible>);
            (UNBUFFERED, Sse::new(told).keep_alive(KeepAlive::new())).into_response()
        }
        Err(error) => refusal(error),
    }
}

/// Browsers drop an event without data (WHATWG HTML §9.2.6), so the data repeats the name.
fn event(news: News) -> Event {
    Event::default().event(news.name()).data(news.name())
}
