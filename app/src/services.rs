//! What a server function may use, and who is asking.
//!
//! Leptos' context is gone once a client hangs up, so a server function calls [`Request::current`] **before its first
//! `.await`** and plain methods after it.

use crate::{
    AppError,
    accounts::{LoggedIn, port::Accounts},
    atlas::port::AtlasBook,
    bench::port::Trials,
    experiments::{SourceFile, port::ProgressBook},
    routing::with_query,
    sessions::{IssuedSession, Observation, SESSION_COOKIE, SessionView, port::SessionValues, removal_line},
    wire::received_cookies,
};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::sync::Arc;

pub use crate::sessions::SessionId;

/// Longest field that a plain form gets back in the address.
const ECHO_LIMIT_BYTES: usize = 256;

/// The ports, implemented by `server`.
#[derive(Clone)]
pub struct Services {
    /// Sign-up, log-in, log-out.
    pub accounts: Arc<dyn Accounts>,
    /// The named values of a server session.
    pub values: Arc<dyn SessionValues>,
    /// The trials of the survival matrix.
    pub trials: Arc<dyn Trials>,
    /// Which experiments the users have done.
    pub progress: Arc<dyn ProgressBook>,
    /// What was measured in other browsers.
    pub atlas: Arc<dyn AtlasBook>,
    /// The server's own source, as far as the log-in flow shows it.
    pub source: &'static [SourceFile],
}

/// A live session, as the guard found it for this request. Times are UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its public id.
    pub id: SessionId,
    /// Its public id as the cookie spells it.
    pub public_id: String,
    /// Who logged in; `None` for an anonymous session.
    pub user: Option<User>,
    /// When it began.
    pub created_at: i64,
    /// When it ends if nothing more is asked of it (idle timeout).
    pub expires_at: i64,
    /// When it ends whatever happens (absolute timeout).
    pub ends_at: i64,
    /// When its owner's password was checked last.
    pub confirmed_at: i64,
    /// "Keep me logged in".
    pub kept: bool,
}

/// Who a session belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Key in the database.
    pub id: i64,
    /// As typed at sign-up.
    pub username: String,
    /// When the account was made, UTC seconds.
    pub created_at: i64,
}

/// Where a request comes from, as the account's owner is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// The client's network address; empty where it is unknown.
    pub address: String,
    /// Its `User-Agent`, cut to a sensible length.
    pub agent: String,
}

/// Who is asking. Put into every request by the identifying layer, after one indexed query at most.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The live session that the request's token opened.
    pub session: Option<Session>,
    /// Whether the request carried a token that opens nothing.
    pub stale: bool,
    /// The server's time when it looked, UTC seconds.
    pub now: i64,
    /// Where the request comes from.
    pub caller: Caller,
}

impl Visitor {
    /// The user behind the session.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`] without a session, or when it is anonymous.
    pub fn user(&self) -> Result<&User, AppError> {
        self.session.as_ref().and_then(|session| session.user.as_ref()).ok_or(AppError::NotLoggedIn)
    }

    /// The user's name and how long the session lives.
    ///
    /// # Errors
    /// As [`Visitor::user`].
    pub fn logged_in(&self) -> Result<LoggedIn, AppError> {
        let session = self.session.as_ref().ok_or(AppError::NotLoggedIn)?;
        let username = self.user()?.username.clone();
        Ok(LoggedIn { username, idle_end: session.expires_at, end: session.ends_at, now: self.now })
    }
}

/// What names a rendered document, and the record that is kept of its requests. In the extensions of the request for
/// the document, where one is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageId(pub String);

/// What the server saw of the request for a page that shows it. In the extensions of that request.
#[derive(Clone, Debug)]
pub struct FirstObservation(pub Result<Observation, AppError>);

/// One request to a server function: what came with it and the answer being built.
pub struct Request {
    /// The ports.
    pub services: Services,
    /// Who is asking.
    pub visitor: Visitor,
    /// Its header fields and address.
    pub parts: Parts,
    response: ResponseOptions,
}

impl Request {
    /// Reads the context of the running server function.
    ///
    /// # Errors
    /// [`AppError::Internal`] outside a request.
    pub fn current() -> Result<Self, AppError> {
        let parts = use_context::<Parts>().ok_or(AppError::Internal)?;
        Ok(Self {
            services: use_context().ok_or(AppError::Internal)?,
            visitor: parts.extensions.get::<Visitor>().cloned().ok_or(AppError::Internal)?,
            response: use_context().ok_or(AppError::Internal)?,
            parts,
        })
    }

    /// Hands the token of a session out in the answer's cookie.
    pub fn hand_out(&self, session: &IssuedSession) {
        self.response.append_header(header::SET_COOKIE, session.cookie_line(SESSION_COOKIE));
    }

    /// Removes the session cookie with the answer.
    pub fn remove_session_cookie(&self) {
        self.response.append_header(header::SET_COOKIE, removal_line(SESSION_COOKIE));
    }

    /// Sends the visitor to another page of this site: 303 for a plain form, a hint to the router for a script.
    pub fn go_to(&self, path: &str) {
        let Ok(location) = HeaderValue::from_str(path) else { return };
        self.response.insert_header(header::LOCATION, location);
        if self.is_plain_form() {
            self.response.set_status(StatusCode::SEE_OTHER);
        } else {
            let hint = HeaderName::from_static(leptos::server_fn::redirect::REDIRECT_HEADER);
            self.response.insert_header(hint, HeaderValue::from_static("1"));
        }
    }

    /// Sends a plain form on to another page of this site; a script stays where it is.
    pub fn go_on_to(&self, path: &str) {
        if self.is_plain_form() {
            self.go_to(path);
        }
    }

    /// Sends a plain form back to its page with the error and what was typed; a script gets the error itself.
    pub fn back_to_form(&self, page: &str, error: AppError, typed: &[(&str, &str)]) -> AppError {
        if self.is_plain_form() {
            let wait = error.wait().map(|seconds| seconds.to_string()).unwrap_or_default();
            let fields = [("error", error.code()), ("wait", wait.as_str())]
                .into_iter()
                .chain(typed.iter().copied().filter(|(_, value)| value.len() <= ECHO_LIMIT_BYTES));
            self.go_to(&with_query(page, fields));
        }
        error
    }

    fn is_plain_form(&self) -> bool {
        self.parts
            .headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    }
}

/// Who is logged in on the page that is being rendered.
pub(crate) fn logged_in() -> Option<LoggedIn> {
    let parts = use_context::<Parts>()?;
    parts.extensions.get::<Visitor>()?.logged_in().ok()
}

/// What the server sees of a request: its cookies, and the session that they open.
///
/// # Errors
/// [`AppError::Unavailable`]; [`AppError::Internal`] where nobody has found out who is asking.
pub async fn observation(services: &Services, request: &Parts) -> Result<Observation, AppError> {
    let visitor = request.extensions.get::<Visitor>().ok_or(AppError::Internal)?;
    let headers: Vec<_> = request.headers.get_all(header::COOKIE).iter().map(|line| line.as_bytes()).collect();
    let header_bytes = headers.iter().map(|line| "cookie: ".len() + line.len() + "\r\n".len()).sum::<usize>();
    let session = match visitor.session.clone() {
        Some(session) => Some(SessionView {
            values: services.values.list(session.id).await?,
            id: session.public_id,
            username: session.user.map(|user| user.username),
            expires_at: session.expires_at,
        }),
        None => None,
    };
    Ok(Observation {
        now: visitor.now,
        cookie_header_bytes: u32::try_from(header_bytes).unwrap_or(u32::MAX),
        cookies: headers.into_iter().flat_map(received_cookies).collect(),
        session,
    })
}

/// What the server saw of the request for the page that is being rendered, where the page shows it.
pub(crate) fn first_observation() -> Option<Result<Observation, AppError>> {
    let parts = use_context::<Parts>()?;
    parts.extensions.get::<FirstObservation>().map(|FirstObservation(seen)| seen.clone())
}

/// The id of the page that is being rendered.
pub(crate) fn page_id() -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts.extensions.get::<PageId>().map(|PageId(id)| id.clone())
}
