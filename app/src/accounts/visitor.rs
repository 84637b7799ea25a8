//! Who is logged in, as pages and server functions are told.

use super::LoggedIn;
use crate::{AppError, request::Visitor};
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
    parts.extensions.get::<Visitor>()?.logged_in().ok()
}
