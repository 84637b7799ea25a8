//! The experiments: each claim about the web predicted, run and judged in the visitor's own browser.
//!
//! [`model`] says what an experiment is and [`procedure`] what it does; the [`catalogue`] holds them all, one file each. The
//! [`page`] shows the [`state`] of one. [`conduct`] begins a [`run`], which fills the state in, asks the server through
//! [`client`], and is removed again by [`cleanup`]. The [`login_flow`] is an experiment without a prediction, on a page of
//! its own. [`index`] is the page that lists them, with the [`progress`]; [`myths`] has one for the popular mistakes. How to
//! write an experiment is told in `docs/EXPERIMENTS.md`.

mod api;
mod beforehand;
mod catalogue;
mod claims;
mod cleanup;
mod client;
mod conduct;
mod index;
mod login_flow;
mod model;
mod myths;
mod need;
mod other_site;
mod page;
mod parameter;
mod parts;
#[cfg(feature = "ssr")]
pub mod port;
mod preconditions;
mod prelude;
mod procedure;
mod progress;
mod run;
pub mod runs;
mod state;
mod sync;
pub mod test_account;
mod windows;

pub use api::{ForgetProgress, LoadProgress, SaveProgress, forget_progress, load_progress, save_progress};
pub(crate) use catalogue::CATALOGUE;
pub(crate) use index::IndexPage;
pub use login_flow::{Listing, LoginFlowListings, Source, SourceFile, SourceText, login_flow_listings, source_text};
pub(crate) use login_flow::{LoginFlowPage, SourcePage};
pub use model::Kind;
pub(crate) use model::{Experiment, Group, Sight, Trouble, Verdict};
pub(crate) use page::ExperimentPage;
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
