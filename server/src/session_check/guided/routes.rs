//! `/app/session` and what its page sends. All of it is for whoever sits at this machine.

use super::{Progress, look_at_log_in, look_at_log_out, page};
use crate::{
    app_proxy::{AppInFront, only_here, under_policy},
    http::{AppState, FORM, body_is, isolation},
    session_check::report::{Format, Report},
    site::Site,
};
use axum::{
    Extension, Form, Router,
    extract::{Path, RawQuery, State},
    http::{StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::Mutex;

/// One course at a time: presses wait for each other.
type Shared = Extension<Arc<Mutex<Progress>>>;
type InFront = State<AppInFront>;

/// The routes.
pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    let here = from_fn_with_state(state.peers.clone(), only_here);
    let sent = Router::new()
        .route("/app/session/start", post(start).route_layer(here.clone()))
        .route("/app/session/logged-in", post(logged_in).route_layer(here.clone()))
        .route("/app/session/logged-out", post(logged_out).route_layer(here.clone()))
        .route_layer(from_fn_with_state(FORM, body_is))
        .route_layer(from_fn(isolation::own_pages));
    let pages = Router::new()
        .route("/app/session", get(whole).route_layer(here.clone()))
        .route("/app/session/report/{format}", get(download).route_layer(here))
        .route_layer(from_fn(isolation::navigations));
    sent.merge(pages).layer(Extension(Arc::new(Mutex::new(Progress::default()))))
}

async fn whole(
    State(site): State<Site>,
    State(AppInFront(app)): InFront,
    Extension(progress): Shared,
    RawQuery(query): RawQuery,
) -> Response {
    let shows_secrets = page::shows_secrets(query.as_deref());
    let progress = progress.lock().await;
    under_policy(page::whole(&site.files.style, app.as_deref(), &progress, shows_secrets)).into_response()
}

async fn start(State(AppInFront(app)): InFront, Extension(progress): Shared) -> Redirect {
    if let Some(wire) = app {
        let since = wire.exchanges().last().map(|exchange| exchange.number).unwrap_or_default();
        *progress.lock().await = Progress::LogIn { since, fault: None };
    }
    Redirect::to("/app/session")
}

#[derive(Deserialize)]
struct Chosen {
    /// The target of the page that only who is logged in sees.
    #[serde(default)]
    page: String,
}

async fn logged_in(
    State(AppInFront(app)): InFront,
    Extension(progress): Shared,
    Form(chosen): Form<Chosen>,
) -> Redirect {
    let mut progress = progress.lock().await;
    if let (Some(wire), Progress::LogIn { since, fault }) = (app, &mut *progress) {
        match look_at_log_in(&wire, *since, &chosen.page).await {
            Ok(log_in) => *progress = Progress::LogOut { log_in: Box::new(log_in), fault: None },
            Err(reason) => *fault = Some(reason),
        }
    }
    Redirect::to("/app/session")
}

async fn logged_out(State(AppInFront(app)): InFront, Extension(progress): Shared) -> Redirect {
    let mut progress = progress.lock().await;
    if let (Some(wire), Progress::LogOut { log_in, fault }) = (app, &mut *progress) {
        match look_at_log_out(&wire, log_in).await {
            Ok(report) => *progress = Progress::Done(Box::new(report)),
            Err(reason) => *fault = Some(reason),
        }
    }
    Redirect::to("/app/session")
}

async fn download(Extension(progress): Shared, Path(format): Path<String>, RawQuery(query): RawQuery) -> Response {
    let (format, kind) = match &*format {
        "markdown" => (Format::Markdown, "text/markdown; charset=utf-8"),
        "json" => (Format::Json, "application/json"),
        "sarif" => (Format::Sarif, "application/sarif+json"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Progress::Done(report) = &*progress.lock().await else { return StatusCode::NOT_FOUND.into_response() };
    let text = Report { shows_secrets: page::shows_secrets(query.as_deref()), ..(**report).clone() }.write(format);
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, "attachment")], text).into_response()
}
