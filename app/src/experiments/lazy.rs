//! The experiments as a chunk of their own: nobody pays for them who does not open them (see `accounts/lazy.rs`).

use super::{
    index::IndexPage,
    login_flow::{LoginFlowPage, SourcePage},
    page::ExperimentPage,
};
use crate::{atlas::AtlasPage, ui::do_without};
use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};
use leptos_router::ChooseView;

/// A page of the experiments as a route's view.
#[derive(Clone, Copy)]
pub(crate) enum Page {
    Index,
    Experiment,
    LoginFlow,
    Source,
    Atlas,
}

impl ChooseView for Page {
    async fn preload(&self) {
        if fetch().await.is_err() {
            do_without().await;
        }
    }

    async fn choose(self) -> AnyView {
        leptos::prefetch_lazy_fn_on_server("experiments");
        page(self).await.unwrap_or_else(|_| ().into_any())
    }
}

/// Everything that is reached from here alone goes into the chunk `experiments`.
#[wasm_split(experiments, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
fn page(page: Page) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Page::Index => view! { <IndexPage /> }.into_any(),
        Page::Experiment => view! { <ExperimentPage /> }.into_any(),
        Page::LoginFlow => view! { <LoginFlowPage /> }.into_any(),
        Page::Source => view! { <SourcePage /> }.into_any(),
        Page::Atlas => view! { <AtlasPage /> }.into_any(),
    })
}
