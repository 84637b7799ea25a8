//! What is left of an earlier try without scripts: it stands in the page's address.

use crate::{AppError, navigation::Navigation};
use leptos::prelude::expect_context;

/// What the address says about an earlier try without scripts, and where to go afterwards.
#[derive(Clone)]
pub(super) struct Earlier {
    pub error: Option<AppError>,
    /// Which of a page's forms the error belongs to, where there are several.
    pub form: String,
    pub username: String,
    pub next: String,
    pub welcome: bool,
    pub ended: bool,
    pub changed: bool,
    pub deleted: bool,
    pub reset: bool,
    /// The browser has kept no cookie of a log-in.
    pub unkept: bool,
}

impl Earlier {
    /// The error, if it belongs to this form of the page.
    pub fn error_of(&self, form: &str) -> Option<AppError> {
        self.error.filter(|_| self.form == form)
    }
}

/// Reads it from the address.
pub(super) fn earlier() -> Earlier {
    let navigation = expect_context::<Navigation>();
    let query = |name: &str| navigation.query_untracked(name);
    let holds = |name: &str| query(name).is_some();
    Earlier {
        error: query("error")
            .and_then(|code| AppError::from_code(&code))
            .map(|error| error.with_wait(query("wait").and_then(|seconds| seconds.parse().ok()).unwrap_or_default())),
        form: query("form").unwrap_or_default(),
        username: query("username").unwrap_or_default(),
        next: query("next").unwrap_or_default(),
        welcome: holds("welcome"),
        ended: holds("ended"),
        changed: holds("changed"),
        deleted: holds("deleted"),
        reset: holds("reset"),
        unkept: holds("unkept"),
    }
}
