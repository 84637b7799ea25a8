//! The lab's own endpoints, `/lab/…`: they set, show and clear what a visitor tries out, under names that begin with `lab-`
//! alone. Each client has a limit of requests per second.

mod clear;
mod cookie;
mod echo;
mod elsewhere;
mod events;
mod extract;
mod forgery;
mod frames;
mod guestbook;
pub(crate) mod isolation;
mod runs;
mod secrets;
mod test_account;
mod wire;

use super::{
    limit::{self, Limit},
    state::AppState,
    text,
    wire::{ECHO_AT_ROOT, ECHO_PATH, WIRE_PATH},
};
use app::bench::{MOST_LINE_BYTES, MOST_LINES};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, StatusCode, header},
    middleware::{from_fn, from_fn_with_state, map_response},
    response::Response,
    routing::{any, get, post},
};
use std::sync::Arc;

pub(crate) use forgery::{UNGUARDED_PATH, note};

/// Most bytes of a form: the lines of as many cookies as are set at once, percent-encoded, and their names.
const FORM_LIMIT: usize = 3 * MOST_LINE_BYTES + MOST_LINES * "&line=".len();

/// The routes under `/lab`, and the echo outside it, where no cookie for `/lab` arrives.
pub(crate) fn routes() -> Router<AppState> {
    let limit = from_fn_with_state(Arc::new(Limit::of_lab()), limit::hold);
    let asked_by_own_pages = Router::new()
        .route("/lab/cookie", post(cookie::set))
        .route("/lab/clear-site-data", post(clear::clear))
        .route("/lab/events", get(events::events))
        .route(WIRE_PATH, get(wire::exchanges))
        .merge(frames::routes())
        .merge(test_account::routes())
        .merge(secrets::routes())
        .merge(guestbook::routes())
        .merge(runs::routes())
        .merge(elsewhere::routes())
        .merge(forgery::routes())
        .route_layer(from_fn_with_state(text::FORM, text::body_is))
        // It takes whatever is sent.
        .route(ECHO_PATH, get(echo::echo).post(echo::echo))
        .route(&format!("{ECHO_PATH}/{{*rest}}"), get(echo::echo).post(echo::echo))
        .route(ECHO_AT_ROOT, get(echo::echo))
        .route_layer(limit.clone())
        // Outside the limit, which other sites could otherwise use up.
        .route_layer(from_fn(isolation::own_pages));
    let pages = Router::new()
        .merge(frames::pages())
        .merge(elsewhere::pages())
        .merge(forgery::pages())
        .route_layer(limit.clone())
        .route_layer(from_fn(isolation::navigations));
    // What the other site sends there, in every way, is the experiment.
    let targets = forgery::targets().route_layer(limit);
    Router::new()
        .merge(asked_by_own_pages)
        .merge(pages)
        .merge(targets)
        .route("/lab/{*nothing}", any(|| async { StatusCode::NOT_FOUND }))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .route_layer(map_response(never_stored))
}

async fn never_stored(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
