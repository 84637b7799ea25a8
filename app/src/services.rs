//! The ports of all features together, for the server alone: features know theirs and no other.

use crate::{
    accounts::port::Accounts,
    atlas::port::AtlasBook,
    bench::port::Trials,
    experiments::{Source, SourceFile, port::ProgressBook},
    sessions::port::SessionValues,
};
use leptos::prelude::provide_context;
use std::sync::Arc;

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

impl Services {
    /// Puts each port into the context of a request.
    pub fn provide(&self) {
        provide_context(self.accounts.clone());
        provide_context(self.values.clone());
        provide_context(self.trials.clone());
        provide_context(self.progress.clone());
        provide_context(self.atlas.clone());
        provide_context(Source(self.source));
    }
}
