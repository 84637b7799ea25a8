//! A request to a server function: who is asking, and the answer that is being built.
//!
//! Leptos' context is gone once a client hangs up, so a server function calls [`Request::current`] and [`port`] **before its
//! first `.await`** and plain methods after it.

use crate::{
    AppError,
    routing::with_query,
    sessions::issued::{IssuedSession, SessionId, removal_line},
    sessions::model::SESSION_COOKIE,
};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::sync::Arc;

/// Longest field that a plain form gets back in the address.
const ECHO_LIMIT_BYTES: usize = 256;

/// What a feature needs from the server, as it is provided for each request (`Services::provide`).
///
/// # Errors
/// [`AppError::Internal`] outside a request.
pub(crate) fn port<P: ?Sized + Send + Sync + 'static>() -> Result<Arc<P>, AppError> {
    use_context().ok_or(AppError::Internal)
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

/// The origins whose pages may frame the dock, as browsers write them. In the extensions of a request for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DockedIn(pub Vec<String>);

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
}

/// One request to a server function: what came with it and the answer being built.
pub struct Request {
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
