//! The bench in an app's page, in the chunk of the tools; see [`super::accounts`]. A chunk of its own would share so much with the
//! others that all of them would be cut into more pieces.

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

#[wasm_split(tools, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
pub(super) fn show() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <DockPage /> }.into_any())
}
