//! Storage Lab's pages, server functions and the types both sides share.
//!
//! The crate is compiled twice: for the browser (`hydrate`) and for the server (`ssr`). It knows no SQL: what it
//! needs from the server it declares as ports ([`accounts::port`], [`atlas::port`], [`bench::port`], [`experiments::port`]), which `server` implements.
//!
//! One way through the house: browser → server function (`api.rs`) → port (`port.rs`) → store → database.

#![recursion_limit = "256"]

// What has a function at which the code is split comes first, here and in `bench`: the function's name holds its place in all
// sources, so a change before it renames it, and then nearly all of the app is compiled anew.
mod pages;

mod browser;

pub mod accounts;
pub mod bench;

mod app;
pub mod atlas;
mod client;
mod error;
pub mod experiments;
#[cfg(feature = "hydrate")]
mod hydration;
pub mod json;
mod navigation;
mod reactive;
#[cfg(feature = "ssr")]
pub mod request;
pub mod routing;
#[cfg(feature = "ssr")]
pub mod services;
pub mod sessions;
#[cfg(feature = "ssr")]
mod shell;
mod text;
mod ui;
pub mod wire;
mod words;

#[cfg(feature = "ssr")]
pub use browser::set_cookie;
pub use client::{Arguments, Direct, FormField};
pub use error::{AppError, ErrorEncoding, Field};
#[cfg(feature = "hydrate")]
pub use hydration::hydrate;
pub use pages::PATHS;
#[cfg(feature = "ssr")]
pub use pages::is_same_for_strangers;
#[cfg(feature = "ssr")]
pub use request::DockedIn;
#[cfg(feature = "ssr")]
pub use shell::{Files, SCRIPTS, shell};
