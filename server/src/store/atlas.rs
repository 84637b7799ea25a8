//! The table `atlas_columns`: what an operator has imported into the atlas.

use super::{Operation, Store, StoreError, operations::insert_operation};
use sqlx::Row;

/// An imported column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredColumn {
    /// The id by which an operator removes it.
    pub id: i64,
    /// Its name on the page; may be empty.
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
        self.write(
            (name.to_owned(), contents.to_vec(), most, operation.clone()),
            |work, (name, contents, most, operation)| {
                Box::pin(async move {
                    let mut ids = Vec::new();
                    for content in contents {
                        let insert =
                            "INSERT INTO atlas_columns (name, content, imported_at) VALUES ($1, $2, $3) RETURNING id";
                        let insert = sqlx::query(insert).bind(name.as_str()).bind(content.as_str()).bind(operation.at);
                        ids.push(insert.fetch_one(&mut *work).await?.try_get("id")?);
                    }
                    let count =
                        sqlx::query("SELECT COUNT(*) AS count FROM atlas_columns").fetch_one(&mut *work).await?;
                    if count.try_get::<i64, _>("count")? > *most {
                        return Err(StoreError::Full);
                    }
                    insert_operation(work, operation).await?;
                    Ok(ids)
                })
            },
        )
        .await
    }

    /// All imported columns, the first imported first.
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

    /// Removes a column; returns whether it was there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remove_column(&self, id: i64, operation: &Operation) -> Result<bool, StoreError> {
        self.write((id, operation.clone()), |work, (id, operation)| {
            Box::pin(async move {
                let remove = sqlx::query("DELETE FROM atlas_columns WHERE id = $1").bind(id);
                let removed = remove.execute(&mut *work).await?.rows_affected() > 0;
                if removed {
                    insert_operation(work, operation).await?;
                }
                Ok(removed)
            })
        })
        .await
    }
}
