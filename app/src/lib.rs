//! Storage Lab's pages, server functions and the types both sides share.
//!
//! The crate is compiled twice: for the browser (`hydrate`) and for the server (`ssr`). It knows no SQL: what it
//! needs from the server it declares as ports ([`accounts::port`], [`atlas::port`], [`bench::port`], [`experiments::port`]), which `server` implements.
//!
//! One way through the house: browser → server function (`api.rs`) → port (`port.rs`) → store → database.

#![recursion_limit = "256"]

pub mod accounts;
mod app;
pub mod atlas;
pub mod bench;
mod browser;
mod client;
mod error;
pub mod experiments;
#[cfg(feature = "hydrate")]
mod hydration;
pub mod json;
mod navigation;
mod pages;
mod reactive;
#[cfg(feature = "ssr")]
pub mod request;
pub mod routing;
#[cfg(feature = "ssr")]
pub mod services;
pub mod sessions;
#[cfg(feature = "ssr")]
mod shell;
mod ui;
pub mod wire;
mod words;

pub use app::App;
pub use client::{Arguments, Direct, FormField};
pub use error::{AppError, ErrorEncoding, Field};
#[cfg(feature = "hydrate")]
pub use hydration::hydrate;
pub use pages::PATHS;
#[cfg(feature = "ssr")]
pub use shell::shell;
