//! `/lab/subject`: throw-away accounts for the experiments, and what is done with their tokens. A token comes in the
//! field or header `lab-token`, or in the cookie that `cookie` names; it is never the login cookie's.

use super::sent::Sent;
use crate::{
    cookies,
    experiments::Experiments,
    http::{AppState, refusal},
};
use app::{
    AppError,
    bench::{SESSION_COOKIE, SessionValue, is_lab_name},
    services::Visitor,
};
use axum::{
    Extension, Json, Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
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
        .route("/lab/subject/keep", post(keep))
        .route("/lab/subject/put", post(put))
        .route("/lab/subject/end", post(end))
        .route("/lab/subject/whoami", get(who_am_i))
        .route("/lab/subject/rows", get(rows))
}

/// What may be asked of a subject.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    subject: String,
    /// The name that a visitor signs up with; empty where one is to be drawn.
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    /// A token; with `log-in` the one that the browser had before.
    token: Option<String>,
    /// The cookie that holds the token, or is to hold it.
    cookie: Option<String>,
    /// A variable of the session.
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
    /// How many seconds later than now the server is to look.
    #[serde(default)]
    later: i64,
    /// Whether a log-in is tried under the subject's name, or under one that nobody has.
    #[serde(default)]
    known: bool,
    /// Whether the hashes in rows are left out.
    #[serde(default)]
    masked: bool,
}

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

/// The same answer, which hands the token out as the log-in does, or takes it away: in the cookie of this name.
fn with_cookie(mut answer: Response, name: &str, line: &HeaderValue) -> Response {
    let line = line.to_str().map(|line| line.replacen(SESSION_COOKIE, name, 1));
    if let Some(mut line) = line.ok().and_then(|line| HeaderValue::try_from(line).ok()) {
        line.set_sensitive(true);
        answer.headers_mut().append(header::SET_COOKIE, line);
    }
    answer
}

async fn begin(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    Sent(asked): Sent<Asked>,
) -> Response {
    let Asked { username, password, .. } = asked;
    let own = (!username.is_empty() || !password.is_empty()).then_some((username, password));
    answer(lab.subjects.begin(&visitor, own).await)
}

async fn keep(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    Sent(asked): Sent<Asked>,
) -> Response {
    done(lab.subjects.keep(&visitor, &asked.subject).await)
}

async fn anonymous(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    Sent(asked): Sent<Asked>,
) -> Response {
    answer(lab.subjects.start_anonymous(&visitor, &asked.subject).await)
}

async fn log_in(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    Sent(asked): Sent<Asked>,
) -> Response {
    if asked.cookie.as_deref().is_some_and(|name| !is_lab_name(name)) {
        return refusal(AppError::NotALabName);
    }
    let Asked { subject, password, token, cookie, .. } = asked;
    match (lab.subjects.log_in(&visitor, &subject, &password, token.as_deref()).await, cookie) {
        (Ok(token), Some(name)) => match HeaderValue::try_from(&token.line) {
            Ok(line) => with_cookie(answer(Ok(token)), &name, &line),
            Err(_) => refusal(AppError::Internal),
        },
        (outcome, _) => answer(outcome),
    }
}

async fn confirm(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    Sent(asked): Sent<Asked>,
) -> Response {
    let Asked { subject, password, token: Some(token), .. } = asked else { return refusal(AppError::BadRequest) };
    answer(lab.subjects.confirm(&visitor, &subject, &token, &password).await)
}

async fn log_out(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Sent(asked): Sent<Asked>,
) -> Response {
    let Asked { subject, token, cookie: name, .. } = asked;
    if name.as_deref().is_some_and(|name| !is_lab_name(name)) {
        return refusal(AppError::NotALabName);
    }
    let carried = name.as_deref().and_then(|name| cookie(&headers, name));
    let Some(token) = token.or(carried) else { return refusal(AppError::BadRequest) };
    match (lab.subjects.log_out(&visitor, &subject, &token).await, name) {
        (Ok(removal), Some(name)) => with_cookie(done(Ok(())), &name, &removal),
        (outcome, _) => done(outcome.map(drop)),
    }
}

async fn put(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    Sent(asked): Sent<Asked>,
) -> Response {
    let Asked { subject, token: Some(token), name, value, .. } = asked else { return refusal(AppError::BadRequest) };
    done(lab.subjects.put(&visitor, &subject, &token, SessionValue { name, value }).await)
}

async fn end_others(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    Sent(asked): Sent<Asked>,
) -> Response {
    let Asked { subject, token: Some(token), .. } = asked else { return refusal(AppError::BadRequest) };
    done(lab.subjects.end_others(&visitor, &subject, &token).await)
}

async fn try_wrong(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    Sent(asked): Sent<Asked>,
) -> Response {
    answer(lab.subjects.try_wrong(&visitor, &asked.subject, asked.known).await)
}

async fn end(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    Sent(asked): Sent<Asked>,
) -> Response {
    done(lab.subjects.end(&visitor, &asked.subject).await)
}

async fn who_am_i(
    State(lab): State<Experiments>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Sent(asked): Sent<Asked>,
) -> Response {
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
    Sent(asked): Sent<Asked>,
) -> Response {
    answer(lab.subjects.rows(&visitor, &asked.subject, asked.masked).await)
}

/// What a request's cookie of this name holds.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = cookies::values(headers, name).next()?;
    std::str::from_utf8(value).ok().map(str::to_owned)
}
