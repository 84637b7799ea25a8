//! `/lab/elsewhere`: a page of the other site whose script `elsewhere.js` does what could harm a visitor's cookies and entries
//! on this site; or a page of the other port, which looks for them. It is served only for a registered run and at that run's
//! origin, and does what was registered: its address holds the run's name alone. It posts its findings to `/lab/report`, where
//! the experiment that opened it reads them.

use super::{
    extract::{FormOrQuery, Named},
    frames::{page, unframed},
    isolation::is_of_same_site,
    runs::Secret,
};
use crate::{
    experiments::{Experiments, Task},
    http::{
        AppState,
        other_site::{Authority, OwnOrigin},
        refusal,
    },
};
use app::AppError;
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use std::sync::Arc;

/// Most bytes of a report.
const LONGEST_REPORT: usize = 4_096;

/// The page.
pub(super) fn pages() -> Router<AppState> {
    Router::new().route("/lab/elsewhere", get(elsewhere))
}

/// The routes of its report.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/lab/report", get(tell).post(report))
}

async fn elsewhere(
    State(lab): State<Arc<Experiments>>,
    Authority(authority): Authority,
    Named { run: name }: Named,
    headers: HeaderMap,
) -> Response {
    let acting = lab.runs.acting_at(&name, &authority).and_then(|run| Some((attributes(run.task)?, run)));
    let Some((task, run)) = acting else { return refusal(AppError::NoSuchRun) };
    if run.task != Task::Look && is_of_same_site(&headers) {
        return refusal(AppError::BadRequest);
    }
    let body = format!(
        "<p data-run=\"{name}\" data-begins=\"{}\" {task}>This page belongs to an experiment and closes itself when it is \
         done.</p><script type=\"module\" src=\"/elsewhere.js\"></script>",
        run.begins
    );
    unframed("script-src 'self'; connect-src 'self'; form-action 'none'", page("A page of the other site", &body))
}

/// The script's task, as attributes; `None` for a task of another page.
fn attributes(task: Task) -> Option<String> {
    match task {
        Task::Look => Some("data-task=\"look\"".to_owned()),
        Task::Fill { most } => Some(format!("data-task=\"fill\" data-most=\"{most}\"")),
        Task::Clear { kind } => Some(format!("data-task=\"clear\" data-kind=\"{kind}\"")),
        Task::Forge => None,
    }
}

#[derive(Deserialize)]
struct Reported {
    report: String,
}

async fn report(
    State(lab): State<Arc<Experiments>>,
    OwnOrigin(_): OwnOrigin,
    Authority(authority): Authority,
    Named { run }: Named,
    FormOrQuery(Reported { report }): FormOrQuery<Reported>,
) -> Response {
    if report.len() > LONGEST_REPORT {
        return refusal(AppError::BadRequest);
    }
    let report = serde_json::from_str(&report).map_err(|_| AppError::BadRequest);
    match report.and_then(|report| lab.runs.report(&run, &authority, report)) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refusal(error),
    }
}

/// Answers with the report, or with 204 as long as there is none.
async fn tell(State(lab): State<Arc<Experiments>>, Named { run }: Named, Secret(secret): Secret) -> Response {
    match lab.runs.told(&run, &secret) {
        Ok(Some(report)) => Json(report).into_response(),
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refusal(error),
    }
}
