//! `/app` and what its page asks. All of it is for whoever sits at this machine, whoever else reaches the lab.

use super::{
    AppInFront,
    page::{self, Shown},
};
use crate::{
    app_proxy::dock::SCRIPT,
    http::{AppState, Client, FORM, Peers, body_is, isolation},
    site::Site,
};
use app::{bench::MOST_LINES, sessions::SESSION_COOKIE};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{RawQuery, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};

/// The fields by which a proxy says for whom it asks.
const FORWARDED: [HeaderName; 3] =
    [header::FORWARDED, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; object-src 'none'; frame-ancestors 'none'; report-uri /csp-report",
);

/// The routes.
pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    let here = from_fn_with_state(state.peers.clone(), only_here);
    // About each method, so that another one is still answered 405.
    let asked_by_the_page = Router::new()
        .route("/app/exchanges", get(exchanges).route_layer(here.clone()))
        .route("/app/forget", post(forget).route_layer(here.clone()))
        .route("/app/observation", get(observation).route_layer(here.clone()))
        .route("/app/cookie", post(set_cookies).route_layer(here.clone()))
        .route("/app/dock", post(keep_place).route_layer(here.clone()))
        .route_layer(from_fn_with_state(FORM, body_is))
        .route_layer(from_fn(isolation::own_pages));
    let page = Router::new().route("/app", get(whole).route_layer(here)).route_layer(from_fn(isolation::navigations));
    asked_by_the_page.merge(page).route(SCRIPT, get(script))
}

/// Refuses with 403 what does not come from this machine itself.
pub(crate) async fn only_here(State(peers): State<Peers>, request: Request, next: Next) -> Response {
    if is_here(&peers, &request) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, under_policy(page::refused())).into_response()
}

/// Whether a request comes from this machine. What came through a proxy may come from anywhere: one that is trusted and says for
/// nobody asks for itself, and what another one says is not believed.
fn is_here(peers: &Peers, request: &Request) -> bool {
    let address = request.extensions().get::<Client>().and_then(|client| client.address);
    let is_of_a_proxy = FORWARDED.iter().any(|name| request.headers().contains_key(name));
    address.is_some_and(|address| address.is_loopback() && !peers.trusts(address)) && !is_of_a_proxy
}

async fn whole(
    State(site): State<Site>,
    State(AppInFront(app)): State<AppInFront>,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = Shown::read(query.as_deref().unwrap_or_default());
    under_policy(page::whole(&site.files.style, app.as_deref(), &shown)).into_response()
}

/// A page under its policy.
pub(crate) fn under_policy(page: String) -> impl IntoResponse {
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page))
}

/// The list of the page, where it is another one than the one that is told by `If-None-Match`.
async fn exchanges(
    State(AppInFront(app)): State<AppInFront>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(wire) = app else { return StatusCode::NOT_FOUND.into_response() };
    let tag = page::tag(&wire, wire.record.changes());
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let (list, tag) = page::list(&wire, &Shown::read(query.as_deref().unwrap_or_default()));
    ([(header::ETAG, tag)], Html(list.into_string())).into_response()
}

async fn forget(State(AppInFront(app)): State<AppInFront>) -> Redirect {
    if let Some(wire) = app {
        wire.record.forget();
    }
    Redirect::to("/app")
}

/// What the browser sends from a page of the app, by the probe that the page has sent.
async fn observation(State(AppInFront(app)): State<AppInFront>, RawQuery(query): RawQuery) -> Response {
    let Some(wire) = app else { return StatusCode::NOT_FOUND.into_response() };
    let mut fields = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
    let probe = fields.find(|(name, _)| name == "probe").map(|(_, value)| value);
    let told = wire.probes.tell(probe.as_deref(), wire.clock.milliseconds() / 1_000);
    ([(header::CACHE_CONTROL, "no-store")], Json(told)).into_response()
}

/// The dock's script; `dock::serve` says to whom.
async fn script(State(AppInFront(app)): State<AppInFront>) -> Response {
    match app {
        Some(wire) => {
            let script = wire.panel.script(wire.dock.port.port(), wire.web_storage.is_asked());
            ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Keeps where the dock's panel was left.
async fn keep_place(State(AppInFront(app)): State<AppInFront>, body: Bytes) -> StatusCode {
    match app {
        Some(wire) if wire.panel.keep(&body) => StatusCode::NO_CONTENT,
        Some(_) => StatusCode::BAD_REQUEST,
        None => StatusCode::NOT_FOUND,
    }
}

/// Sets cookies by their lines, for the app at this host: what its scripts may not write, the bench has the lab write. The lab's
/// own session is none of the app's.
async fn set_cookies(State(AppInFront(app)): State<AppInFront>, body: Bytes) -> Response {
    if app.is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let fields = form_urlencoded::parse(&body).filter(|(name, _)| name == "line").map(|(_, line)| line.into_owned());
    let lines: Vec<_> = fields.take(MOST_LINES + 1).collect();
    let is_labs = |line: &String| {
        line.split(['=', ';']).next().is_some_and(|name| name.trim().eq_ignore_ascii_case(SESSION_COOKIE))
    };
    let values: Result<Vec<_>, _> = lines.iter().map(HeaderValue::try_from).collect();
    match values {
        Ok(values) if (1..=MOST_LINES).contains(&values.len()) && !lines.iter().any(is_labs) => {
            let fields = values.into_iter().map(|line| (header::SET_COOKIE, line));
            (StatusCode::NO_CONTENT, fields.collect::<HeaderMap>()).into_response()
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::network;
    use axum::body::Body;
    use rstest::rstest;

    #[rstest]
    #[case::this_machine(Some("127.0.0.1"), &[], true)]
    #[case::this_machine_by_ipv6(Some("::1"), &[], true)]
    #[case::another_machine(Some("192.0.2.1"), &[], false)]
    #[case::no_known_address(None, &[], false)]
    #[case::a_proxy_on_this_machine_that_nobody_named(Some("127.0.0.1"), &["x-forwarded-for"], false)]
    #[case::or_by_another_field(Some("127.0.0.1"), &["forwarded"], false)]
    #[case::a_trusted_proxy_on_this_machine_that_says_for_nobody(Some("127.0.0.9"), &[], false)]
    fn only_who_sits_at_this_machine_is_here(
        #[case] address: Option<&str>,
        #[case] fields: &[&str],
        #[case] expected: bool,
    ) {
        let peers = Peers { trusted_proxies: [network("127.0.0.9").unwrap()].into(), self_signed: false };
        let mut request = Request::new(Body::empty());
        for field in fields {
            request.headers_mut().insert(field.parse::<HeaderName>().unwrap(), HeaderValue::from_static("127.0.0.1"));
        }
        let address = address.map(|address| address.parse().unwrap());
        request.extensions_mut().insert(Client { address, ..Client::default() });
        assert_eq!(is_here(&peers, &request), expected);
    }
}
