//! The table `atlas_columns`: what an operator has imported into the atlas.

use super::{Operation, Store, StoreError, operations::insert_operation};
use sqlx::Row;

/// An imported column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredColumn {
    /// By which it is removed.
    pub id: i64,
    /// What it is called on the page, which may be nothing.
    pub name: String,
    /// An atlas of this one column, in JSON.
    pub content: String,
    /// UTC seconds.
    pub imported_at: i64,
}

impl Store {
    /// Adds columns, all or none, each an atlas of one column in JSON; returns their ids.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there would be more than `most` of them.
    pub async fn add_columns(
        &self,
        name: &str,
        contents: &[String],
        most: i64,
        operation: &Operation,
    ) -> Result<Vec<i64>, StoreError> {
        let mut work = self.writers.begin_with(self.begin).await?;
        let mut ids = Vec::new();
        for content in contents {
            let row =
                sqlx::query("INSERT INTO atlas_columns (name, content, imported_at) VALUES ($1, $2, $3) RETURNING id")
                    .bind(name)
                    .bind(content.as_str())
                    .bind(operation.at)
                    .fetch_one(&mut *work)
                    .await?;
            ids.push(row.try_get("id")?);
        }
        let count: i64 =
            sqlx::query("SELECT COUNT(*) AS count FROM atlas_columns").fetch_one(&mut *work).await?.try_get("count")?;
        if count > most {
            work.rollback().await?;
            return Err(StoreError::Full);
        }
        insert_operation(&mut work, operation).await?;
        work.commit().await?;
        Ok(ids)
    }

    /// All of them, in the order in which they were imported.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list_columns(&self) -> Result<Vec<StoredColumn>, StoreError> {
        let rows = sqlx::query("SELECT id, name, content, imported_at FROM atlas_columns ORDER BY id")
            .fetch_all(&self.readers)
            .await?;
        let column = |row: &sqlx::any::AnyRow| {
            Ok(StoredColumn {
                id: row.try_get("id")?,
                name: row.try_get("name")?,
                content: row.try_get("content")?,
                imported_at: row.try_get("imported_at")?,
            })
        };
        Ok(rows.iter().map(column).collect::<Result<_, sqlx::Error>>()?)
    }

    /// Removes one; says whether it was there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remove_column(&self, id: i64, operation: &Operation) -> Result<bool, StoreError> {
        let mut work = self.writers.begin_with(self.begin).await?;
        let removed = sqlx::query("DELETE FROM atlas_columns WHERE id = $1").bind(id).execute(&mut *work).await?;
        if removed.rows_affected() == 0 {
            return Ok(false);
        }
        insert_operation(&mut work, operation).await?;
        work.commit().await?;
        Ok(true)
    }
}
