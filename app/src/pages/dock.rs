//! The bench in an app's page as a chunk of its own; see [`super::accounts`].

use crate::bench::DockPage;
use futures::FutureExt;
use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

/// What stands on the page. The server, and a browser once [`fetch`] is done, have it at once.
pub(super) fn view() -> AnyView {
    show().now_or_never().and_then(Result::ok).into_any()
}

#[wasm_split(dock, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
pub(super) fn show() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <DockPage /> }.into_any())
}
