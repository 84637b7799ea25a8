//! The forgery experiment. `/lab/forge` is a page of the other site that makes a browser send requests here. Their target
//! is `/lab/transfer`, the one address without the guard against requests from other sites; `/lab/transfer/guarded` has
//! it, as all others do. Neither changes anything: for a registered run the requests and their answers' status are noted, and
//! `/lab/transfers` shows them to the holder of the run's secret.

use super::{
    extract::{InQuery, Named, is_name},
    frames::{page, unframed},
    isolation::is_of_same_site,
    runs::Secret,
};
use crate::{
    experiments::{Experiments, Runs, Task},
    http::{AppState, other_site::Authority, refusal, text::header_text},
};
use app::{
    AppError,
    bench::wire::received_cookies,
    experiments::test_account::{Arrived, Forged},
};
use axum::{
    Json, RequestExt, Router,
    extract::{Query, Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use std::sync::Arc;

/// The one address at which requests from other sites have an effect, which is this note.
pub(crate) const UNGUARDED_PATH: &str = "/lab/transfer";
const GUARDED_PATH: &str = "/lab/transfer/guarded";

/// The most bytes of a field that is noted.
const LONGEST: usize = 100;

/// The page of the other site.
pub(super) fn pages() -> Router<AppState> {
    Router::new().route("/lab/forge", get(forge))
}

/// The routes that its requests are sent to.
pub(super) fn targets() -> Router<AppState> {
    Router::new().route(UNGUARDED_PATH, get(transfer).post(transfer)).route(GUARDED_PATH, get(transfer).post(transfer))
}

/// The route that shows what came.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/lab/transfers", get(transfers))
}

/// A page of the other site, for a run that is to forge; `forge.js` sends what stands in it.
async fn forge(
    State(lab): State<Arc<Experiments>>,
    Authority(authority): Authority,
    Named { run: name }: Named,
    headers: HeaderMap,
) -> Response {
    let run = lab.runs.acting_at(&name, &authority).filter(|run| run.task == Task::Forge);
    let Some(run) = run else { return refusal(AppError::NoSuchRun) };
    if is_of_same_site(&headers) {
        return refusal(AppError::BadRequest);
    }
    let home = run.home;
    let target = |path: &str, how: Forged| format!("{home}{path}?run={name}&amp;how={}", how.word());
    let form = |path| format!("<form method=\"post\" action=\"{}\"></form>", target(path, Forged::Form));
    let link = |path| format!("<a href=\"{}\">See the prize</a>", target(path, Forged::Link));
    let body = format!(
        "<h1>You have won</h1><p>This page of another site makes your browser send requests to the lab. It closes itself.</p>\
         <p>{} {}</p>{}{}{SCRIPT}",
        link(UNGUARDED_PATH),
        link(GUARDED_PATH),
        form(UNGUARDED_PATH),
        form(GUARDED_PATH),
    );
    let may = format!("script-src 'self'; connect-src {home}; img-src {home}; form-action {home}");
    unframed(&may, page("A page of the other site", &body))
}

const SCRIPT: &str = "<script type=\"module\" src=\"/forge.js\"></script>";

/// How a request came about, as the page that sent it says.
#[derive(Deserialize)]
struct Transfer {
    run: String,
    how: Forged,
}

/// Answers, and leads back to the other site for the next request, if there is one.
async fn transfer(
    State(lab): State<Arc<Experiments>>,
    Authority(authority): Authority,
    uri: Uri,
    InQuery(Transfer { run: name, how }): InQuery<Transfer>,
) -> Response {
    if !is_name(&name) {
        return refusal(AppError::BadRequest);
    }
    let Some(run) = lab.runs.forging_to(&name, &authority) else { return refusal(AppError::NoSuchRun) };
    let next = match (how, uri.path() == GUARDED_PATH) {
        (Forged::Link, false) => Some(1),
        (Forged::Link, true) => Some(2),
        (Forged::Form, false) => Some(3),
        _ => None,
    };
    answer("The request has arrived", next.map(|next| format!("{}/lab/forge?run={name}#{next}", run.at)))
}

/// A page that goes on to the next, or else closes itself.
fn answer(title: &str, next: Option<String>) -> Response {
    let goes_on = next.map(|next| format!("<meta http-equiv=\"refresh\" content=\"0; url={next}\">"));
    let goes_on = goes_on.unwrap_or_else(|| SCRIPT.to_owned());
    let body = format!("<h1>{title}</h1><p>This page may be closed.</p>{goes_on}");
    unframed("script-src 'self'; form-action 'none'", page("The target", &body))
}

/// Notes the requests to the two targets of a run that forges, and their answers. It stands around the guard, so that it sees
/// refused requests too.
pub(crate) async fn note(State(runs): State<Runs>, mut request: Request, next: Next) -> Response {
    let guarded = match request.uri().path() {
        UNGUARDED_PATH => false,
        GUARDED_PATH => true,
        _ => return next.run(request).await,
    };
    let Ok(Authority(authority)) = request.extract_parts().await;
    let asked = Query::<Transfer>::try_from_uri(request.uri()).ok();
    let asked = asked.filter(|asked| runs.forging_to(&asked.run, &authority).is_some());
    let Some(Query(Transfer { run, how })) = asked else { return next.run(request).await };
    let (method, headers) = (request.method().to_string(), request.headers().clone());
    let response = next.run(request).await;
    let said = |name| header_text(&headers, name).filter(|value| value.len() <= LONGEST).map(str::to_owned);
    let lines = headers.get_all(header::COOKIE).iter().flat_map(|line| received_cookies(line.as_bytes()));
    let arrived = Arrived {
        how,
        guarded,
        method,
        origin: said("origin"),
        fetch_site: said("sec-fetch-site"),
        fetch_mode: said("sec-fetch-mode"),
        cookies: lines.map(|cookie| cookie.name).collect(),
        status: response.status().as_u16(),
    };
    runs.note(&run, &authority, arrived);
    if response.status() == StatusCode::FORBIDDEN { refused(response) } else { response }
}

/// Puts a page into the guard's empty answer, by which the window closes itself. Nothing else of the answer changes.
fn refused(response: Response) -> Response {
    let (mut head, _) = response.into_parts();
    let (page, body) = answer("The guard has refused the request", None).into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    for name in [header::CONTENT_TYPE, header::CONTENT_SECURITY_POLICY] {
        if let Some(value) = page.headers.get(&name) {
            head.headers.insert(name, value.clone());
        }
    }
    Response::from_parts(head, body)
}

/// Answers with the requests that came.
async fn transfers(State(lab): State<Arc<Experiments>>, Named { run }: Named, Secret(secret): Secret) -> Response {
    match lab.runs.arrived(&run, &secret) {
        Ok(arrived) => Json(arrived).into_response(),
        Err(error) => refusal(error),
    }
}
