//! Who is logged in, as pages and server functions are told.

use super::LoggedIn;
use crate::{AppError, pages::DOCK, request::Visitor};
use http::request::Parts;
use leptos::prelude::use_context;

impl Visitor {
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

/// Who is logged in on the page that is being rendered.
pub(crate) fn logged_in() -> Option<LoggedIn> {
    let parts = use_context::<Parts>()?;
    // A frame in an app's page says nothing of who is at the lab.
    let is_dock = parts.uri.path() == DOCK;
    parts.extensions.get::<Visitor>()?.logged_in().ok().filter(|_| !is_dock)
}
