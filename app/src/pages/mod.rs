//! The pages of the lab by their paths: what they need, and what they show.

mod accounts;
mod dock;
mod experiments;

use crate::{bench::BenchPage, ui::NotFound};
use futures::{FutureExt, future::LocalBoxFuture};
use leptos::{prelude::*, wasm_split::SplitLoaderError};

/// The path of the dock's page: the bench alone, in a frame of an app's page.
pub(crate) const DOCK: &str = "/dock";
/// The paths of all pages, as the server's router spells them.
pub const PATHS: [&str; 12] = [
    "/",
    DOCK,
    "/experiments",
    "/experiments/{slug}",
    "/atlas",
    "/login-flow",
    "/login-flow/source/{*path}",
    "/signup",
    "/login",
    "/reset",
    "/account",
    "/account/confirm",
];

enum Page {
    Bench,
    Dock,
    Experiments(experiments::Page),
    Accounts(accounts::Page),
}

impl Page {
    /// The page of a path; `None` where there is nothing.
    fn at(path: &str) -> Option<Self> {
        Some(match path {
            "/" => Self::Bench,
            DOCK => Self::Dock,
            "/signup" => Self::Accounts(accounts::Page::SignUp),
            "/login" => Self::Accounts(accounts::Page::LogIn),
            "/reset" => Self::Accounts(accounts::Page::Reset),
            "/account" => Self::Accounts(accounts::Page::Account),
            "/account/confirm" => Self::Accounts(accounts::Page::Confirm),
            "/experiments" => Self::Experiments(experiments::Page::Index),
            "/atlas" => Self::Experiments(experiments::Page::Atlas),
            "/login-flow" => Self::Experiments(experiments::Page::LoginFlow),
            _ => Self::Experiments(match path.strip_prefix("/experiments/") {
                Some(slug) if !slug.is_empty() && !slug.contains('/') => experiments::Page::Experiment(slug.to_owned()),
                _ => experiments::Page::Source(
                    path.strip_prefix("/login-flow/source/").filter(|file| !file.is_empty())?.to_owned(),
                ),
            }),
        })
    }
}

/// The chunk of the app that the page of a path is in; `None` where that is the first.
#[cfg(feature = "ssr")]
pub(crate) fn chunk(path: &str) -> Option<&'static str> {
    match Page::at(path)? {
        Page::Bench => None,
        Page::Dock => Some("tools"),
        Page::Experiments(_) => Some("experiments"),
        Page::Accounts(_) => Some("accounts"),
    }
}

/// Whether the page of a path needs scripts before anybody touches it: it shows what they alone can read, or its address
/// holds a secret that they take out of it.
#[cfg(feature = "ssr")]
pub(crate) fn is_live(path: &str) -> bool {
    matches!(Page::at(path), Some(Page::Bench | Page::Dock | Page::Accounts(accounts::Page::Reset)))
}

/// Whether the page of a path shows every visitor without cookies the same, all of it in its HTML: neither what the database
/// holds nor whose it is.
#[cfg(feature = "ssr")]
pub fn is_same_for_strangers(path: &str) -> bool {
    use accounts::Page::{LogIn, SignUp};
    use experiments::Page::{Experiment, Index};
    matches!(
        Page::at(path),
        Some(Page::Bench | Page::Accounts(LogIn | SignUp) | Page::Experiments(Index | Experiment(_)))
    )
}

/// Fetches what the page of a path needs; `None` where there is no page.
pub(crate) fn fetch(path: &str) -> Option<LocalBoxFuture<'static, Result<(), SplitLoaderError>>> {
    Some(match Page::at(path)? {
        Page::Bench => async { Ok(()) }.boxed_local(),
        Page::Dock => dock::fetch().boxed_local(),
        Page::Experiments(_) => experiments::fetch().boxed_local(),
        Page::Accounts(_) => accounts::fetch().boxed_local(),
    })
}

/// What stands on the page of a path, once it has been fetched.
pub(crate) fn view(path: &str) -> AnyView {
    match Page::at(path) {
        Some(Page::Bench) => view! { <BenchPage /> }.into_any(),
        Some(Page::Dock) => dock::view(),
        Some(Page::Experiments(page)) => experiments::view(page),
        Some(Page::Accounts(page)) => accounts::view(page),
        None => view! { <NotFound /> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_of_the_servers_router_is_a_page() {
        for path in PATHS {
            assert!(Page::at(&path.replace("{slug}", "http-forgets").replace("{*path}", "a/b.rs")).is_some(), "{path}");
        }
    }

    #[test]
    fn what_is_not_exactly_the_path_of_a_page_is_none() {
        for path in [
            "",
            "/login/",
            "/experiments/",
            "/experiments/a/b",
            "/login-flow/source",
            "/login-flow/source/",
            "/account/export",
        ] {
            assert!(Page::at(path).is_none(), "{path}");
        }
    }
}
