//! The router and its layers. A request passes, from the outside in: the client's address, its network's turn, the lab's
//! recorder (which sees what is really sent), request id and log line, security headers, the one form of refusals, panic
//! catcher, time limit, what HTTP asks of it, known host, unambiguous path, cross-site check. Then, for pages and server
//! functions: who is asking, the guard, and whether the fields are text.

use crate::{
    app_proxy,
    http::{
        AppState, LabSwitch, Measured, REQUEST_ID, TIME_LIMIT, address, api, assets, health, hosts, identify, lab,
        message, pages, paths, refusal, reports, request_id, security_headers, text, turns, wire,
    },
    session_check,
};
use app::{AppError, routing::is_background_poll};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{Redirect, Response},
    routing::{get, post},
};
use std::{sync::Arc, time::Duration};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

/// All routes, with the layers that only some of them have.
pub fn routes(state: &AppState) -> Router<AppState> {
    let asking = ServiceBuilder::new()
        .layer(from_fn_with_state(state.sessions.clone(), identify::identify))
        .layer(from_fn(identify::guard))
        .layer(from_fn(text::fields_are_text));
    let not_found = pages::not_found(state).layer(asking.clone()).with_state(state.clone());
    let reporting =
        post(reports::report).layer(DefaultBodyLimit::max(8 * 1024)).with_state(reports::Reports::default());
    let docked = from_fn_with_state((state.app.clone(), state.peers.clone()), app_proxy::serve_dock);
    Router::new()
        .merge(pages::routes(state).layer(docked.clone()))
        .merge(if state.lab.0 { lab::routes() } else { Router::new() })
        .merge(app_proxy::routes(state).layer(docked))
        .merge(session_check::guided(state))
        .merge(api::functions())
        .route("/account/export", get(|| async { Redirect::to("/account") }).post(api::export))
        .route_layer(asking)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route(reports::REPORT_PATH, reporting)
        .merge(assets::routes(&state.site, not_found))
}

/// The whole server: its routes with all layers.
pub fn router(state: AppState) -> Router {
    let (peers, Measured(measured)) = (state.peers.clone(), state.measured);
    let (LabSwitch(lab), wire) = (state.lab, state.wire.clone());
    let runs = state.experiments.runs.clone();
    let hosts = state.hosts.clone();
    let router = routes(&state).with_state(state).layer(
        ServiceBuilder::new()
            .layer(from_fn(request_id::accept))
            .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
            .layer(TraceLayer::new_for_http().make_span_with(span).on_response(log_answer))
            .layer(PropagateRequestIdLayer::new(REQUEST_ID))
            .layer(from_fn(security_headers::add))
            .layer(from_fn(refusal::in_one_form))
            .layer(CatchPanicLayer::custom(|_| refusal::refusal(AppError::Internal)))
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT))
            .layer(from_fn(message::conform))
            .layer(from_fn_with_state(hosts, hosts::known))
            .layer(from_fn(paths::unambiguous))
            .layer(CsrfLayer::new().with_insecure_bypass(|_, uri| uri.path() == lab::UNGUARDED_PATH)),
    );
    let router = if lab { router.layer(from_fn_with_state(runs, lab::note)) } else { router };
    let router = if measured { router.layer(from_fn(crate::metrics::measure)) } else { router };
    // Around the whole router, since that adds header fields to what its layers answer.
    let router = Router::new().fallback_service(
        ServiceBuilder::new()
            .option_layer(lab.then(|| from_fn_with_state(wire, wire::record)))
            .layer(from_fn(message::answer_options))
            .service(router),
    );
    // First of all: a request that waits or is refused costs next to nothing.
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(peers, address::find_client))
            .layer(from_fn_with_state(Arc::new(turns::Turns::default()), turns::take)),
    )
}

/// One span a request: method and path, never the query, which may hold what somebody typed.
fn span(request: &Request) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    let (method, path) = (request.method(), request.uri().path());
    if is_background_poll(path) {
        // An open page sends one every few seconds.
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
