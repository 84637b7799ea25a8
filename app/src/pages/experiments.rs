//! The experiments as a chunk of their own: nobody pays for them who does not open them (see `accounts.rs`).

use crate::{
    atlas::AtlasPage,
    experiments::{ExperimentPage, IndexPage, LoginFlowPage, SourcePage},
};
use futures::FutureExt;
use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

/// A page of the experiments.
pub(super) enum Page {
    Index,
    /// With the last part of its path.
    Experiment(String),
    LoginFlow,
    /// A file of the source, with its path there.
    Source(String),
    Atlas,
}

/// What stands on the page. The server, and a browser once [`fetch`] is done, have it at once.
pub(super) fn view(page: Page) -> AnyView {
    show(page).now_or_never().and_then(Result::ok).into_any()
}

/// Everything that is reached from here alone goes into the chunk `experiments`.
#[wasm_split(experiments, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
pub(super) fn show(page: Page) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Page::Index => view! { <IndexPage /> }.into_any(),
        Page::Experiment(slug) => view! { <ExperimentPage slug /> }.into_any(),
        Page::LoginFlow => view! { <LoginFlowPage /> }.into_any(),
        Page::Source(path) => view! { <SourcePage path /> }.into_any(),
        Page::Atlas => view! { <AtlasPage /> }.into_any(),
    })
}
