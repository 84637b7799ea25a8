//! The forgery experiment. `/lab/forge` is a page of the other site that makes a browser send requests here. Their target
//! is `/lab/transfer`, the one address without the guard against requests from other sites; `/lab/transfer/guarded` has
//! it, as all others do. Neither changes anything: it is noted what came and what it was answered with, and
//! `/lab/transfers` tells it.

use super::{
    frames::{is_name, page, unframed},
    sent::Run,
    sites::OtherSite,
};
use crate::{
    experiments::{Experiments, Transfers},
    http::{AppState, refusal},
};
use app::{
    AppError,
    bench::{is_lab_name, wire::received_cookies},
    experiments::subject::{Arrived, Forged},
};
use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
    routing::get,
};
use serde::Deserialize;

/// The one address at which requests from other sites may do something, if only leave this note.
pub(crate) const UNGUARDED_PATH: &str = "/lab/transfer";
const GUARDED_PATH: &str = "/lab/transfer/guarded";

/// Most cookies that are noted of a request, and the most bytes of whatever is.
const MOST_COOKIES: usize = 16;
const LONGEST: usize = 100;

/// Their routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/lab/forge", get(forge))
        .route(UNGUARDED_PATH, get(transfer).post(transfer))
        .route(GUARDED_PATH, get(transfer).post(transfer))
        .route("/lab/transfers", get(transfers))
}

/// A page of the other site; `forge.js` sends what stands in it.
async fn forge(other: OtherSite, Run { run }: Run) -> Response {
    let Some(origin) = other.0 else { return refusal(AppError::BadRequest) };
    let target = |path: &str, how: Forged| format!("{origin}{path}?run={run}&amp;how={}", how.word());
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
    let may = format!("script-src 'self'; connect-src {origin}; img-src {origin}; form-action {origin}");
    unframed(&may, page("A page of the other site", &body))
}

const SCRIPT: &str = "<script type=\"module\" src=\"/forge.js\"></script>";

/// How a request came about, as the page that sent it says.
#[derive(Deserialize)]
struct Transfer {
    run: String,
    how: Forged,
}

/// Answers, and leads back to the other site for what it sends next, if it sends more than this.
async fn transfer(other: OtherSite, uri: Uri, Query(Transfer { run, how }): Query<Transfer>) -> Response {
    if !is_name(&run) {
        return refusal(AppError::BadRequest);
    }
    let next = match (how, uri.path() == GUARDED_PATH) {
        (Forged::Link, false) => Some(1),
        (Forged::Link, true) => Some(2),
        (Forged::Form, false) => Some(3),
        _ => None,
    };
    answer(
        "The request has arrived",
        next.zip(other.0).map(|(next, origin)| format!("{origin}/lab/forge?run={run}#{next}")),
    )
}

/// A page that goes on to the next, or else closes itself.
fn answer(title: &str, next: Option<String>) -> Response {
    let goes_on = next.map(|next| format!("<meta http-equiv=\"refresh\" content=\"0; url={next}\">"));
    let goes_on = goes_on.unwrap_or_else(|| SCRIPT.to_owned());
    let body = format!("<h1>{title}</h1><p>This page may be closed.</p>{goes_on}");
    unframed("script-src 'self'; form-action 'none'", page("The target", &body))
}

/// Notes what comes to the two targets and how it is answered. It stands around the guard, so it sees what that refuses.
pub(crate) async fn note(State(transfers): State<Transfers>, request: Request, next: Next) -> Response {
    let guarded = match request.uri().path() {
        UNGUARDED_PATH => false,
        GUARDED_PATH => true,
        _ => return next.run(request).await,
    };
    let asked = Query::<Transfer>::try_from_uri(request.uri()).ok().filter(|asked| is_name(&asked.run));
    let Some(Query(Transfer { run, how })) = asked else { return next.run(request).await };
    let (method, headers) = (request.method().to_string(), request.headers().clone());
    let response = next.run(request).await;
    let field = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned()).filter(|value| value.len() <= LONGEST);
    let arrived = Arrived {
        how,
        guarded,
        method,
        origin: field("origin"),
        fetch_site: field("sec-fetch-site"),
        fetch_mode: field("sec-fetch-mode"),
        cookies: cookies(&headers),
        status: response.status().as_u16(),
    };
    transfers.note(&run, arrived);
    if response.status() == StatusCode::FORBIDDEN { refused(response) } else { response }
}

/// The names of the lab's cookies, as far as they are kept.
fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::COOKIE).iter().flat_map(|line| received_cookies(line.as_bytes()));
    let names = lines.map(|cookie| cookie.name).filter(|name| is_lab_name(name) && name.len() <= LONGEST);
    names.take(MOST_COOKIES).collect()
}

/// The guard's answer has no text; with this one the window closes itself. All else about it stays.
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

/// Tells what came.
async fn transfers(State(lab): State<Experiments>, Run { run }: Run) -> Json<Vec<Arrived>> {
    Json(lab.transfers.of(&run))
}
