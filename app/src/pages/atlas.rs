//! The atlas as a chunk of its own: an experiment writes into it and shows none of it (see `accounts.rs`).

use crate::atlas::AtlasPage;
use futures::FutureExt;
use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

/// What stands on the page. The server, and a browser once [`fetch`] is done, have it at once.
pub(super) fn view() -> AnyView {
    show().now_or_never().and_then(Result::ok).into_any()
}

/// Everything that is reached from here alone goes into the chunk `atlas`.
#[wasm_split(atlas, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
pub(super) fn show() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <AtlasPage /> }.into_any())
}
