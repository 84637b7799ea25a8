//! Whose stores the bench shows: those of this page, or those of an app's page that has the bench in a frame (the dock).

use super::{
    draft::Draft,
    entry::ScriptCookie,
    maker::Who,
    optional::{Found, Trouble},
    refusal::Refusal,
    store::Store,
};
use crate::{AppError, sessions::Observation};
use futures::future::LocalBoxFuture;
use std::sync::OnceLock;

type Answer<T> = LocalBoxFuture<'static, T>;
type Write = fn(Store, Option<Draft>, Option<Draft>) -> Answer<Result<(), Refusal>>;

/// What an app's page does for the bench that lies in it. It comes with the chunk `tools`.
pub(crate) struct AppPage {
    /// Its origin.
    pub origin: fn() -> String,
    /// What one of its stores holds; not asked for cookies.
    pub list: fn(Store) -> Answer<Result<Found, Trouble>>,
    /// The cookies that its scripts see.
    pub cookies: fn() -> Answer<Vec<ScriptCookie>>,
    /// Does what an edit says, over nothing but what the edit began with.
    pub write: Write,
    /// What its requests carry, as the port in front of the app sees it.
    pub observe: fn() -> Answer<Result<Observation, AppError>>,
    /// Whether the browser denies its scripts a store, as of the last look.
    pub denied: fn(Store) -> bool,
    /// Whether its requests come through that port.
    pub sees_wire: fn() -> bool,
}

static APP: OnceLock<AppPage> = OnceLock::new();

/// From now on the stores are those of an app's page: a document is a bench or a dock for as long as it lives.
pub(crate) fn dock(app: AppPage) {
    drop(APP.set(app));
}

/// The app's page, where the stores are an app's.
pub(crate) fn app() -> Option<&'static AppPage> {
    APP.get()
}

/// As the journal names who made a change: beside an app's scripts, which are in this tab too, it is the bench.
pub(crate) fn maker(who: Who) -> &'static str {
    if who == Who::ThisTab && app().is_some() { "this bench" } else { who.words() }
}
