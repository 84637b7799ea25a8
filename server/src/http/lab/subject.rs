//! `/lab/subject`: throw-away accounts for the experiments, and what is done with their tokens. A token comes in the
//! field or header `lab-token`, or in the cookie that `cookie` names; it is never the login cookie's.

use crate::{
    experiments::Experiments,
    http::{AppState, refusal},
};
use app::{AppError, bench::is_lab_name, services::Visitor};
use axum::{
    Extension, Form, Json, Router,
    extract::{
        Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use axum_extra::extract::cookie::Cookie;
use serde::{Deserialize, Serialize};

/// Its routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/lab/subject", post(begin))
        .route("/lab/subject/anonymous", post(anonymous))
        .route("/lab/subject/log-in", post(log_in))
        .route("/lab/subject/confirm", post(confirm))
        .route("/lab/subject/log-out", post(log_out))
        .route("/lab/subject/end-others", post(end_others))
        .route("/lab/subject/try", post(try_wrong))
        .route("/lab/subject/end", post(end))
        .route("/lab/subject/whoami", get(who_am_i))
        .route("/lab/subject/rows", get(rows))
}

/// What may be asked of a subject.
#[derive(Deserialize)]
struct Asked {
    subject: String,
    #[serde(default)]
    password: String,
    /// A token; with `log-in` the one that the browser had before.
    token: Option<String>,
    /// The cookie that holds the token.
    cookie: Option<String>,
    /// How many seconds later than now the server is to look.
    #[serde(default)]
    later: i64,
    /// Whether a log-in is tried under the subject's name, or under one that nobody has.
    #[serde(default)]
    known: bool,
}

type AskedForm = Result<Form<Asked>, FormRejection>;

fn answer<T: Serialize>(outcome: Result<T, AppError>) -> Response {
    match outcome {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refusal(error),
    }
}

fn done(outcome: Result<(), AppError>) -> Response {
    match outcome {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refusal(error),
    }
}

async fn begin(State(lab): State<Experiments>, Extension(visitor): Extension<Visitor>) -> Response {
    answer(lab.subjects.begin(&visitor).await)
}

async fn anonymous(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    form: AskedForm,
) -> Response {
    let Ok(Form(asked)) = form else { return refusal(AppError::BadRequest) };
    answer(lab.subjects.start_anonymous(&visitor, &asked.subject).await)
}

async fn log_in(State(lab): State<Experiments>, Extension(visitor): Extension<Visitor>, form: AskedForm) -> Response {
    let Ok(Form(asked)) = form else { return refusal(AppError::BadRequest) };
    answer(lab.subjects.log_in(&visitor, &asked.subject, &asked.password, asked.token.as_deref()).await)
}

async fn confirm(State(lab): State<Experiments>, Extension(visitor): Extension<Visitor>, form: AskedForm) -> Response {
    let Ok(Form(Asked { subject, password, token: Some(token), .. })) = form else {
        return refusal(AppError::BadRequest);
    };
    answer(lab.subjects.confirm(&visitor, &subject, &token, &password).await)
}

async fn log_out(State(lab): State<Experiments>, Extension(visitor): Extension<Visitor>, form: AskedForm) -> Response {
    let Ok(Form(Asked { subject, token: Some(token), .. })) = form else { return refusal(AppError::BadRequest) };
    done(lab.subjects.log_out(&visitor, &subject, &token).await)
}

async fn end_others(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    form: AskedForm,
) -> Response {
    let Ok(Form(Asked { subject, token: Some(token), .. })) = form else { return refusal(AppError::BadRequest) };
    done(lab.subjects.end_others(&visitor, &subject, &token).await)
}

async fn try_wrong(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    form: AskedForm,
) -> Response {
    let Ok(Form(asked)) = form else { return refusal(AppError::BadRequest) };
    answer(lab.subjects.try_wrong(&visitor, &asked.subject, asked.known).await)
}

async fn end(State(lab): State<Experiments>, Extension(visitor): Extension<Visitor>, form: AskedForm) -> Response {
    let Ok(Form(asked)) = form else { return refusal(AppError::BadRequest) };
    done(lab.subjects.end(&visitor, &asked.subject).await)
}

async fn who_am_i(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    query: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = query else { return refusal(AppError::BadRequest) };
    let token = match &asked.cookie {
        Some(name) if is_lab_name(name) => cookie(&headers, name),
        Some(_) => return refusal(AppError::NotALabName),
        None => headers.get("lab-token").and_then(|token| token.to_str().ok()).map(str::to_owned),
    };
    answer(lab.subjects.recognise(&visitor, &asked.subject, token.as_deref(), asked.later).await)
}

async fn rows(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = query else { return refusal(AppError::BadRequest) };
    answer(lab.subjects.rows(&visitor, &asked.subject).await)
}

/// What a request's cookie of this name holds.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|pair| Cookie::parse(pair.trim()).ok());
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}
