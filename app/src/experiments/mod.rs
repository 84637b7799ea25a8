//! The experiments: each claim about the web predicted, run and judged in the visitor's own browser.
//!
//! [`model`] says what an experiment is, the [`catalogue`] holds them all, one file each. The [`sheet`] is what its
//! [`page`] shows; a [`run`] fills it in, asks the server through [`client`] and is taken away again by [`tidy`].
//! The [`login_flow`] is one without a prediction, on a page of its own.
//! [`index`] is the page that lists them, with the [`progress`] and the [`myths`]. How to write one is told in `docs/EXPERIMENTS.md`.

mod api;
mod beside;
mod catalogue;
mod claims;
mod client;
mod elsewhere;
mod index;
mod lazy;
mod login_flow;
mod model;
mod myths;
mod needs;
mod page;
mod parameter;
mod parts;
#[cfg(feature = "ssr")]
pub mod port;
mod prelude;
mod progress;
mod run;
pub mod runs;
mod sheet;
pub mod subject;
mod subjects;
mod tidy;

pub use api::{ForgetProgress, LoadProgress, SaveProgress, forget_progress, load_progress, save_progress};
pub(crate) use catalogue::CATALOGUE;
pub(crate) use lazy::Page;
pub use login_flow::{Listing, LoginFlowListings, SourceFile, SourceText, login_flow_listings, source_text};
pub use model::Kind;
pub(crate) use model::{Experiment, Group, Sight, Trouble, Verdict};
pub use progress::{Done, Progress};

/// What the experiments are called in addresses.
pub fn slugs() -> impl Iterator<Item = &'static str> {
    catalogue::CATALOGUE.iter().chain([&login_flow::FLOW]).map(|experiment| experiment.slug)
}

/// The choices of the experiment of that name, of which a run shows one to be right.
pub fn choices(slug: &str) -> Option<&'static [&'static str]> {
    let all = || catalogue::CATALOGUE.iter().chain([&login_flow::FLOW]);
    all().find(|experiment| experiment.slug == slug).map(|experiment| experiment.choices)
}
