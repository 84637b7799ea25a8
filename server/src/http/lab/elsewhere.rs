//! `/lab/elsewhere`: a page of the other site that does what would harm a visitor's cookies and entries on this one, by
//! `elsewhere.js`. What it found it leaves at `/lab/report`, where the experiment that opened it asks.

use super::{
    frames::{page, unframed},
    sent::{Run, Sent},
    sites::OtherSite,
};
use crate::{
    experiments::Experiments,
    http::{AppState, refusal},
};
use app::AppError;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

/// Most bytes of a report.
const LONGEST_REPORT: usize = 4_096;

/// Their routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/lab/elsewhere", get(elsewhere)).route("/lab/report", get(tell).post(report))
}

/// The page; its script reads what it is to do from the address.
async fn elsewhere(other: OtherSite, _: Run) -> Response {
    if other.0.is_none() {
        return refusal(AppError::BadRequest);
    }
    let body = "<p>This page belongs to an experiment and closes itself when it is done.</p>\
                <script type=\"module\" src=\"/elsewhere.js\"></script>";
    unframed("script-src 'self'; connect-src 'self'; form-action 'none'", page("A page of the other site", body))
}

#[derive(Deserialize)]
struct Report {
    report: String,
}

async fn report(State(lab): State<Experiments>, Run { run }: Run, Sent(Report { report }): Sent<Report>) -> Response {
    if report.len() > LONGEST_REPORT {
        return refusal(AppError::BadRequest);
    }
    lab.reports.insert(run, report);
    StatusCode::NO_CONTENT.into_response()
}

/// Tells what was reported; 204 as long as nothing was.
async fn tell(State(lab): State<Experiments>, Run { run }: Run) -> Response {
    match lab.reports.get(&run) {
        Some(report) => ([(header::CONTENT_TYPE, "application/json")], report).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}
