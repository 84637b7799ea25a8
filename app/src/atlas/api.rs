//! The server function of the atlas.

use super::Listed;
use crate::AppError;
#[cfg(feature = "ssr")]
use crate::services::Request;
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// What was measured elsewhere: the columns that come with the lab, then those that an operator has imported.
#[server(prefix = "/api", endpoint = "atlas", input = GetUrl)]
pub async fn load_atlas() -> Result<Vec<Listed>, AppError> {
    let Request { services, .. } = Request::current()?;
    services.atlas.columns().await
}
