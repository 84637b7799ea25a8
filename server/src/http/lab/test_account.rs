//! `/lab/subject`: test accounts for the experiments, and what is done with their tokens. A token comes in the field `token`,
//! in the header `lab-token`, or in the cookie that the field `cookie` names, which is never the login cookie.

use super::extract::FormOrQuery;
use crate::{
    experiments::TestAccounts,
    http::{AppState, cookies, refusal, text::header_text},
};
use app::{
    AppError,
    bench::{SessionValue, is_lab_name},
    experiments::test_account::Token,
    request::Visitor,
    sessions::{IssuedSession, SESSION_COOKIE, removal_line},
};
use axum::{
    Json, Router,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The routes.
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

/// The fields of a request about a test account; each route reads its own.
#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    subject: String,
    /// The name that a visitor signs up with; empty for a drawn one.
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    /// A token; with `log-in` that of the browser's previous session.
    token: Option<String>,
    /// The cookie that holds the token, or that is to hold it.
    cookie: Option<String>,
    /// The name of a value of the session.
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
    /// How many seconds the server's clock is to be ahead.
    #[serde(default)]
    later: i64,
    /// Whether a log-in is tried under the test account's name, or under a name that nobody has.
    #[serde(default)]
    known: bool,
    /// Whether the hashes in rows are left out.
    #[serde(default)]
    masked: bool,
}

/// A request about a test account, and the visitor who sends it.
struct TestAccountRequest {
    accounts: Arc<TestAccounts>,
    visitor: Visitor,
    headers: HeaderMap,
    fields: Fields,
}

impl FromRequest<AppState> for TestAccountRequest {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let visitor = request.extensions().get::<Visitor>().cloned().ok_or_else(|| refusal(AppError::Internal))?;
        let (accounts, headers) = (state.experiments.test_accounts.clone(), request.headers().clone());
        let FormOrQuery(fields) = FormOrQuery::from_request(request, state).await?;
        Ok(Self { accounts, visitor, headers, fields })
    }
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

/// The issued token, with the line that a real log-in would be answered with.
fn issued(outcome: Result<IssuedSession, AppError>) -> Response {
    answer(outcome.map(|session| Token {
        token: session.token.expose_secret().to_owned(),
        line: String::from_utf8_lossy(session.cookie_line(SESSION_COOKIE).as_bytes()).into_owned(),
    }))
}

fn with_cookie(mut answer: Response, line: HeaderValue) -> Response {
    answer.headers_mut().append(header::SET_COOKIE, line);
    answer
}

async fn begin(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    let Fields { username, password, .. } = fields;
    let own = (!username.is_empty() || !password.is_empty()).then_some((username, password));
    answer(accounts.begin(&visitor, own).await)
}

async fn keep(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    done(accounts.keep(&visitor, &fields.subject).await)
}

async fn anonymous(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    issued(accounts.start_anonymous(&visitor, &fields.subject).await)
}

async fn log_in(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    if fields.cookie.as_deref().is_some_and(|name| !is_lab_name(name)) {
        return refusal(AppError::NotALabName);
    }
    let Fields { subject, password, token, cookie, .. } = fields;
    match (accounts.log_in(&visitor, &subject, &password, token.as_deref()).await, cookie) {
        (Ok(session), Some(name)) => {
            let line = session.cookie_line(&name);
            with_cookie(issued(Ok(session)), line)
        }
        (outcome, _) => issued(outcome),
    }
}

async fn confirm(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    let Fields { subject, password, token: Some(token), .. } = fields else {
        return refusal(AppError::BadRequest);
    };
    issued(accounts.confirm(&visitor, &subject, &token, &password).await)
}

async fn log_out(TestAccountRequest { accounts, visitor, headers, fields, .. }: TestAccountRequest) -> Response {
    let Fields { subject, token, cookie: name, .. } = fields;
    if name.as_deref().is_some_and(|name| !is_lab_name(name)) {
        return refusal(AppError::NotALabName);
    }
    let carried = name.as_deref().and_then(|name| cookies::first(&headers, name));
    let Some(token) = token.as_deref().or(carried) else { return refusal(AppError::BadRequest) };
    match (accounts.log_out(&visitor, &subject, token).await, name) {
        (Ok(()), Some(name)) => with_cookie(done(Ok(())), removal_line(&name)),
        (outcome, _) => done(outcome),
    }
}

async fn put(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    let Fields { subject, token: Some(token), name, value, .. } = fields else {
        return refusal(AppError::BadRequest);
    };
    done(accounts.put(&visitor, &subject, &token, SessionValue { name, value }).await)
}

async fn end_others(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    let Fields { subject, token: Some(token), .. } = fields else { return refusal(AppError::BadRequest) };
    done(accounts.end_others(&visitor, &subject, &token).await)
}

async fn try_wrong(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    answer(accounts.try_wrong(&visitor, &fields.subject, fields.known).await)
}

async fn end(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    done(accounts.end(&visitor, &fields.subject).await)
}

async fn who_am_i(TestAccountRequest { accounts, visitor, headers, fields, .. }: TestAccountRequest) -> Response {
    let token = match &fields.cookie {
        Some(name) if is_lab_name(name) => cookies::first(&headers, name),
        Some(_) => return refusal(AppError::NotALabName),
        None => header_text(&headers, "lab-token"),
    };
    answer(accounts.recognise(&visitor, &fields.subject, token, fields.later).await)
}

async fn rows(TestAccountRequest { accounts, visitor, fields, .. }: TestAccountRequest) -> Response {
    answer(accounts.rows(&visitor, &fields.subject, fields.masked).await)
}
