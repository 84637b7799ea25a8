//! The account pages as a chunk of their own: a first visit of the bench does not pay for them.
//!
//! With `cargo leptos … --split` everything that only [`show`] reaches is cut out of the app's WASM and fetched when one
//! of its addresses is opened. The server links it in as ever.

use crate::accounts::{AccountPage, ConfirmPage, LogInPage, ResetPage, SignUpPage};
use futures::FutureExt;
use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

/// An account page.
#[derive(Clone, Copy)]
pub(super) enum Page {
    SignUp,
    LogIn,
    Reset,
    Account,
    Confirm,
}

/// What stands on the page. The server, and a browser once [`fetch`] is done, have it at once.
pub(super) fn view(page: Page) -> AnyView {
    show(page).now_or_never().and_then(Result::ok).into_any()
}

/// Everything that is reached from here alone goes into the chunk `accounts`. That the chunk may be missing is part of
/// the type: the usual `#[lazy]` would stop the whole app then.
#[wasm_split(accounts, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
pub(super) fn show(page: Page) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Page::SignUp => view! { <SignUpPage /> }.into_any(),
        Page::LogIn => view! { <LogInPage /> }.into_any(),
        Page::Reset => view! { <ResetPage /> }.into_any(),
        Page::Account => view! { <AccountPage /> }.into_any(),
        Page::Confirm => view! { <ConfirmPage /> }.into_any(),
    })
}
