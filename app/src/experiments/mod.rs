//! The experiments: each claim about the web predicted, run and judged in the visitor's own browser.
//!
//! [`model`] says what an experiment is, the [`catalogue`] holds them all, one file each. The [`sheet`] is what its
//! [`page`] shows; a [`run`] fills it in, asks the server through [`client`] and is taken away again by [`tidy`].
//! [`index`] is the page that lists them, with the [`progress`] and the [`myths`]. How to write one is told in `docs/EXPERIMENTS.md`.

mod catalogue;
mod claims;
mod client;
mod index;
mod lazy;
mod model;
mod myths;
mod page;
mod parameter;
mod parts;
mod prelude;
mod progress;
mod run;
mod sheet;
mod tidy;

pub(crate) use lazy::Page;
