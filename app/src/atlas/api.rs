//! The server function of the atlas.

use super::Listed;
use crate::AppError;
use leptos::{prelude::*, server_fn::codec::GetUrl};
#[cfg(feature = "ssr")]
use {super::port::AtlasBook, crate::request::port};

/// What was measured elsewhere: the columns that come with the lab, then those that an operator has imported.
#[server(prefix = "/api", endpoint = "atlas", input = GetUrl)]
pub async fn load_atlas() -> Result<Vec<Listed>, AppError> {
    let book = port::<dyn AtlasBook>()?;
    book.columns().await
}
