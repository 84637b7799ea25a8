//! Identifies the visitor and guards the account page, before anything is rendered.

use super::{
    address::Client,
    refusal,
    session_cookie::{Carried, tokens_from},
    text::header_text,
};
use crate::sessions::Sessions;
use app::{
    request::{Caller, Visitor},
    routing::{is_background_poll, is_guarded, with_query},
};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use url::Url;

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

/// Whether a request comes from the log-in form and yet without any session cookie: the browser has not kept the one that the
/// form's answer set. A link in the log-in page looks the same, so the page words it so that it is true then, too.
fn has_just_logged_in(request: &Request) -> bool {
    let headers = request.headers();
    let host = header_text(headers, "host");
    let from = header_text(headers, "referer").and_then(|referer| Url::parse(referer).ok());
    let is_from_form = from.is_some_and(|from| from.path() == "/login" && Some(from.authority()) == host);
    let has_cookie =
        request.extensions().get::<Visitor>().is_some_and(|visitor| visitor.stale || visitor.session.is_some());
    is_from_form && !has_cookie
}

/// Redirects visitors who are not logged in from a guarded page to the log-in page, which leads back afterwards.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let known = request.extensions().get::<Visitor>().is_some_and(|visitor| visitor.user().is_ok());
    let is_answered = matches!(*request.method(), Method::GET | Method::HEAD | Method::POST);
    if !is_guarded(path) || known || !is_answered {
        return next.run(request).await;
    }
    let unkept = if has_just_logged_in(&request) { "1" } else { "" };
    // A slash needs no escape in a query (RFC 3986 §3.4); other characters of a path may.
    let target = with_query("/login", [("next", path), ("unkept", unkept)]).replace("%2F", "/");
    let target = HeaderValue::try_from(target).unwrap_or_else(|_| HeaderValue::from_static("/login"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response()
}
