//! Identifies the visitor and guards the account page, before anything is rendered.

use super::{
    address::Client,
    refusal,
    session_cookie::{Carried, tokens_from},
};
use crate::sessions::Sessions;
use app::{
    request::{Caller, Visitor},
    routing::{is_background_poll, is_guarded, safe_next, with_query},
};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// Opens the session behind the request's token, by one indexed query (four at most, where there are several tokens), and
/// hands it on as [`Visitor`].
pub(crate) async fn identify(State(sessions): State<Arc<Sessions>>, mut request: Request, next: Next) -> Response {
    let is_background_poll = is_background_poll(request.uri().path());
    let tokens = tokens_from(request.headers());
    let several = Carried::several(request.headers());
    match sessions.identify(&tokens, caller(&request), is_background_poll).await {
        Ok(visitor) => {
            let carried = Carried { several, opens: visitor.session.is_some() };
            request.extensions_mut().insert(visitor);
            let mut answer = next.run(request).await;
            carried.settle(answer.headers_mut());
            answer
        }
        Err(error) => refusal(error),
    }
}

/// Client address and `User-Agent`.
fn caller(request: &Request) -> Caller {
    const LONGEST_AGENT: usize = 200;
    let agent = request.headers().get(header::USER_AGENT).map_or(&b""[..], |agent| agent.as_bytes());
    // ASCII alone (RFC 9110 §10.1.5): a database would refuse some other bytes.
    let printable = agent.iter().filter(|byte| matches!(byte, b' '..=b'~')).take(LONGEST_AGENT);
    let client = request.extensions().get::<Client>().copied().unwrap_or_default();
    let address = client.address.map(|address| address.to_string()).unwrap_or_default();
    Caller { address, agent: printable.map(|byte| char::from(*byte)).collect() }
}

/// Where a log-in without scripts leads on: its answer comes by the log-in page, and this request has brought the cookie along.
fn kept_log_in(uri: &Uri) -> Option<String> {
    let query = uri.query().filter(|_| uri.path() == "/login")?;
    let field = |wanted| form_urlencoded::parse(query.as_bytes()).find(|(name, _)| &**name == wanted);
    field("unkept")?;
    Some(safe_next(&field("next").unwrap_or_default().1))
}

fn see_other(target: &str) -> Response {
    let target = HeaderValue::try_from(target).unwrap_or_else(|_| HeaderValue::from_static("/login"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response()
}

/// Redirects visitors who are not logged in from a guarded page to the log-in page, which leads back afterwards.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let known = request.extensions().get::<Visitor>().is_some_and(|visitor| visitor.user().is_ok());
    if known && let Some(target) = kept_log_in(request.uri()) {
        return see_other(&target);
    }
    let is_answered = matches!(*request.method(), Method::GET | Method::HEAD | Method::POST);
    if !is_guarded(path) || known || !is_answered {
        return next.run(request).await;
    }
    // A slash needs no escape in a query (RFC 3986 §3.4); other characters of a path may.
    see_other(&with_query("/login", [("next", path)]).replace("%2F", "/"))
}
