//! `/app/session` and what its page sends. All of it is for whoever sits at this machine.

use super::{Chosen, Progress, look_at_log_in, look_at_log_out, page};
use crate::{
    app_proxy::{AppInFront, Wire, only_here, under_policy},
    http::{AppState, FORM, body_is, isolation},
    session_check::{format::Format, report::Report},
    site::Site,
};
use axum::{
    Extension, Form, Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;
use std::{borrow::Cow, sync::Arc, time::Duration};
use tokio::{sync::Mutex, time::timeout};

/// How long a press may take in all: less than requests have.
const PATIENCE: Duration = Duration::from_secs(20);

/// One check at a time: presses wait for each other.
type Shared = Extension<Arc<Mutex<Guided>>>;
type InFront = State<AppInFront>;

/// How far somebody has come, and with which of the wire's records.
#[derive(Default)]
struct Guided {
    progress: Progress,
    forgotten: u64,
}

impl Guided {
    /// The progress, unless what it stands on was forgotten since.
    fn with(&mut self, wire: &Wire) -> &mut Progress {
        let forgotten = wire.forgotten();
        if forgotten != self.forgotten {
            wire.web_storage.end();
            *self = Self { progress: Progress::Idle, forgotten };
        }
        &mut self.progress
    }
}

/// The routes.
pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    let here = from_fn_with_state(state.peers.clone(), only_here);
    let sent = Router::new()
        .route("/app/session/start", post(start).route_layer(here.clone()))
        .route("/app/session/logged-in", post(logged_in).route_layer(here.clone()))
        .route("/app/session/cookies", post(correct).route_layer(here.clone()))
        .route("/app/session/logged-out", post(logged_out).route_layer(here.clone()))
        .route_layer(from_fn_with_state(FORM, body_is))
        .route_layer(from_fn(isolation::own_pages));
    let pages = Router::new()
        .route("/app/session", get(whole).route_layer(here.clone()))
        .route("/app/session/report/{format}", get(download).route_layer(here))
        .route_layer(from_fn(isolation::navigations));
    sent.merge(pages).layer(Extension(Arc::new(Mutex::new(Guided::default()))))
}

async fn whole(
    State(site): State<Site>,
    State(AppInFront(app)): InFront,
    Extension(guided): Shared,
    RawQuery(query): RawQuery,
) -> Response {
    let shows_secrets = page::shows_secrets(query.as_deref());
    let Some(wire) = app else { return under_policy(page::without_app(&site.files.style)).into_response() };
    // Nobody waits here for an app that is slow.
    let mut guided = guided.try_lock().ok();
    let progress = guided.as_mut().map(|guided| &*guided.with(&wire));
    under_policy(page::whole(&site.files.style, &wire, progress, shows_secrets)).into_response()
}

async fn start(State(AppInFront(app)): InFront, Extension(guided): Shared) -> Redirect {
    if let Some(wire) = app {
        let since = wire.exchanges().last().map(|exchange| exchange.number).unwrap_or_default();
        wire.web_storage.begin();
        *guided.lock().await.with(&wire) = Progress::LogIn { since, fault: None };
    }
    Redirect::to("/app/session")
}

#[derive(Deserialize)]
struct Fields {
    /// The target of the page that only who is logged in sees.
    #[serde(default)]
    page: String,
    /// Words that stand on it for them alone.
    #[serde(default)]
    shows: String,
}

async fn logged_in(
    State(AppInFront(app)): InFront,
    Extension(guided): Shared,
    Form(Fields { page, shows }): Form<Fields>,
) -> Redirect {
    let mut guided = guided.lock().await;
    let Some(wire) = app else { return Redirect::to("/app/session") };
    let progress = guided.with(&wire);
    if let Progress::LogIn { since, fault } = progress {
        let chosen = Chosen { target: page, shows: Some(shows).filter(|words| !words.is_empty()) };
        match in_time(look_at_log_in(&wire, *since, chosen, Vec::new())).await {
            Ok(log_in) => *progress = Progress::LogOut { log_in: Box::new(log_in), fault: None },
            Err(reason) => *fault = Some(reason),
        }
    }
    Redirect::to("/app/session")
}

/// Takes the cookies that are named for those of the session, and looks at the log-in again.
async fn correct(State(AppInFront(app)): InFront, Extension(guided): Shared, body: Bytes) -> Redirect {
    let mut guided = guided.lock().await;
    let Some(wire) = app else { return Redirect::to("/app/session") };
    let named = form_urlencoded::parse(&body).filter(|(name, _)| name == "cookie").map(|(_, value)| value);
    if let Progress::LogOut { log_in, fault } = guided.with(&wire) {
        let named: Vec<_> =
            named.filter(|named| log_in.cookies.iter().any(|(name, _)| name == named)).map(Cow::into_owned).collect();
        if named.is_empty() {
            *fault = Some("Choose one cookie at least.".to_owned());
        } else {
            match in_time(look_at_log_in(&wire, log_in.since, log_in.chosen.clone(), named)).await {
                Ok(corrected) => (**log_in, *fault) = (corrected, None),
                Err(reason) => *fault = Some(reason),
            }
        }
    }
    Redirect::to("/app/session")
}

async fn logged_out(State(AppInFront(app)): InFront, Extension(guided): Shared) -> Redirect {
    let mut guided = guided.lock().await;
    let Some(wire) = app else { return Redirect::to("/app/session") };
    let progress = guided.with(&wire);
    if let Progress::LogOut { log_in, fault } = progress {
        match in_time(look_at_log_out(&wire, log_in)).await {
            Ok(report) => {
                wire.web_storage.end();
                *progress = Progress::Done(Box::new(report));
            }
            Err(reason) => *fault = Some(reason),
        }
    }
    Redirect::to("/app/session")
}

async fn in_time<T>(look: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let late = |_| format!("Your app took longer than {} seconds. Press again once it is faster.", PATIENCE.as_secs());
    timeout(PATIENCE, look).await.unwrap_or_else(|error| Err(late(error)))
}

async fn download(
    State(AppInFront(app)): InFront,
    Extension(guided): Shared,
    Path(format): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let (format, kind) = match &*format {
        "markdown" => (Format::Markdown, "text/markdown; charset=utf-8"),
        "json" => (Format::Json, "application/json"),
        "sarif" => (Format::Sarif, "application/sarif+json"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let mut guided = guided.lock().await;
    let Some(Progress::Done(report)) = app.as_deref().map(|wire| &*guided.with(wire)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let text = Report { shows_secrets: page::shows_secrets(query.as_deref()), ..(**report).clone() }.write(format);
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, "attachment")], text).into_response()
}
