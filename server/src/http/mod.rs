//! HTTP: the router and its layers. A request passes, from the outside in: the client's address, its network's turn, then
//! the lab's recorder, which sees what is really sent, request id and log line, safety headers, panic catcher, time limit,
//! length of its head, known host, ordinary paths, cross-site check; then, for pages and server functions, who is asking, the
//! guard, and whether the fields are text.

mod address;
mod api;
mod assets;
mod fields;
mod head;
mod health;
mod hosts;
mod identify;
mod lab;
mod limit;
mod pages;
mod reports;
mod request_id;
mod safety;
mod text;
mod turns;
mod wire;

use crate::{accounts::Sessions, bench::push::Hub, experiments::Experiments, store::Store};
use app::{AppError, accounts::is_glance, services::Services};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use leptos::config::LeptosOptions;
use std::{sync::Arc, time::Duration};
use tower::{Layer, ServiceBuilder};
use tower_http::{
    catch_panic::CatchPanicLayer,
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

pub use address::{Channel, Client, Peers, network};
pub(crate) use head::HEAD_LIMIT;
pub use hosts::{Hosts, host};
pub use lab::{LabSwitch, OtherPort, OtherSites, origin};
use request_id::REQUEST_ID;
pub use wire::Recorder;

/// Whether requests are counted; not unless somebody asks for the numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured(pub bool);

/// How long any request may take once its turn has come, and how long it waits for that.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// All that the routes share.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// Where the built site lies and what its files are called.
    pub options: LeptosOptions,
    /// The ports behind the server functions.
    pub services: Services,
    /// Who is asking.
    pub sessions: Sessions,
    /// For `/readyz`.
    pub store: Store,
    /// Whose word about a client's address is taken.
    pub peers: Peers,
    /// The names under which the server answers.
    pub hosts: Hosts,
    /// The other site, where the operator named one.
    pub other_sites: OtherSites,
    /// The other port, where one is open.
    pub other_port: OtherPort,
    /// Whether requests are counted.
    pub measured: Measured,
    /// Whether the lab's endpoints are there.
    pub lab: LabSwitch,
    /// What open pages are told.
    pub hub: Hub,
    /// What is recorded of their requests.
    pub wire: Recorder,
    /// What the experiments ask of the server.
    pub experiments: Experiments,
}

/// The whole server.
pub fn router(state: AppState) -> Router {
    let asking = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), identify::identify))
        .layer(from_fn(identify::guard))
        .layer(from_fn(text::fields_are_text));
    let not_found = any(pages::not_found).layer(asking.clone()).with_state(state.clone());
    let (peers, Measured(measured)) = (state.peers.clone(), state.measured);
    let (LabSwitch(lab), wire) = (state.lab, state.wire.clone());
    let runs = state.experiments.runs.clone();
    let hosts = state.hosts.clone();
    let rating =
        post(api::server_function).layer(from_fn_with_state(Arc::new(limit::Limit::of_ratings()), limit::hold));
    let reporting =
        post(reports::report).layer(DefaultBodyLimit::max(8 * 1024)).with_state(reports::Reports::default());

    let router = Router::new()
        .merge(pages::routes())
        .merge(if lab { lab::routes() } else { Router::new() })
        .route("/api/whoami", get(api::who_am_i))
        .route("/account/export", get(|| async { Redirect::to("/account") }).post(api::export))
        .route("/api/strength", rating)
        .route("/api/{*function}", any(api::server_function))
        .route_layer(asking)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route(reports::REPORT_PATH, reporting)
        .merge(assets::routes(&state.options, not_found))
        .with_state(state)
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(request_id::accept))
                .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
                .layer(TraceLayer::new_for_http().make_span_with(span).on_response(log_answer))
                .layer(PropagateRequestIdLayer::new(REQUEST_ID))
                .layer(from_fn(safety::headers))
                .layer(CatchPanicLayer::custom(|_| refusal(AppError::Internal)))
                .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT))
                .layer(from_fn(head::limit))
                .layer(from_fn_with_state(hosts, hosts::known))
                .layer(from_fn(safety::ordinary_paths))
                .layer(CsrfLayer::new().with_insecure_bypass(|_, uri| uri.path() == lab::UNGUARDED_PATH)),
        );
    let router = if lab { router.layer(from_fn_with_state(runs, lab::note)) } else { router };
    let router = if measured { router.layer(from_fn(crate::metrics::measure)) } else { router };
    // Around the whole router, which adds fields of its own to what the layers in it answer.
    let router =
        if lab { Router::new().fallback_service(from_fn_with_state(wire, wire::record).layer(router)) } else { router };
    // Before anything else: what waits or is refused costs next to nothing.
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(peers, address::find_client))
            .layer(from_fn_with_state(Arc::new(turns::Turns::default()), turns::take)),
    )
}

/// An error as plain HTTP: status, JSON and, where waiting helps, `Retry-After`.
fn refusal(error: AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], error.to_wire()).into_response();
    if let Some(seconds) = error.wait() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// One span a request: method and path, never the query, which may hold what somebody typed.
fn span(request: &Request) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    let (method, path) = (request.method(), request.uri().path());
    if is_glance(path) {
        // An open page glances every few seconds.
        tracing::debug_span!("request", id, %method, path)
    } else {
        tracing::info_span!("request", id, %method, path)
    }
}

fn log_answer(response: &Response, took: Duration, span: &tracing::Span) {
    let (status, took_us) = (response.status().as_u16(), took.as_micros() as u64);
    if span.metadata().is_some_and(|span| *span.level() == tracing::Level::DEBUG) {
        tracing::debug!(status, took_us, "answered");
    } else {
        tracing::info!(status, took_us, "answered");
    }
}
