//! The atlas on the server: the columns that come with the lab, then those that an operator has imported.

use crate::store::{Store, StoredColumn};
use app::{
    AppError,
    atlas::{Listed, port::AtlasBook, read, shipped},
};
use async_trait::async_trait;

/// Most columns that are imported at a time: each makes the page larger for everybody.
pub const IMPORTED_LIMIT: i64 = 24;

/// The columns behind the port that `app` declares.
pub struct AtlasService {
    store: Store,
    shipped: Vec<Listed>,
}

impl AtlasService {
    /// Reads what comes with the lab.
    pub fn new(store: Store) -> Self {
        let shipped = shipped().unwrap_or_else(|fault| {
            tracing::error!(%fault, "the atlas of this build cannot be read");
            Vec::new()
        });
        let shipped = shipped.into_iter().map(|column| Listed { column, imported: None }).collect();
        Self { store, shipped }
    }
}

#[async_trait]
impl AtlasBook for AtlasService {
    async fn columns(&self) -> Result<Vec<Listed>, AppError> {
        let imported = self.store.list_columns().await?;
        Ok(self.shipped.iter().cloned().chain(imported.into_iter().flat_map(listed)).collect())
    }
}

/// An imported column. A column that this version no longer understands is not shown; the operator's list has it.
fn listed(StoredColumn { id, name, content, .. }: StoredColumn) -> Option<Listed> {
    match read(&content) {
        Ok(columns) => columns.into_iter().next().map(|column| Listed { column, imported: Some(name) }),
        Err(fault) => {
            tracing::warn!(id, %fault, "an imported column cannot be read");
            None
        }
    }
}
