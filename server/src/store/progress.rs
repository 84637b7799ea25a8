//! The table `progress`: the experiments that a user has done.

use super::{Store, StoreError};
use app::experiments::{Done, Kind, Progress};
use sqlx::{AnyConnection, Row};

impl Store {
    /// The experiments that a user has done.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_progress(&self, user_id: i64) -> Result<Progress, StoreError> {
        let rows = sqlx::query("SELECT slug, verdict, at FROM progress WHERE user_id = $1 AND verdict IS NOT NULL")
            .bind(user_id)
            .fetch_all(&self.readers)
            .await?;
        let mut progress = Progress::new();
        for row in rows {
            // A verdict that a newer version wrote is left out.
            let Some(verdict) = Kind::from_word(row.try_get("verdict")?) else { continue };
            progress.insert(row.try_get("slug")?, Done { verdict, at: row.try_get("at")? });
        }
        Ok(progress)
    }

    /// Adds what a user has done; of the same experiment the latest counts.
    ///
    /// # Errors
    /// [`StoreError::Database`], as when the account is gone.
    pub async fn add_progress(&self, user_id: i64, progress: &Progress) -> Result<(), StoreError> {
        self.write((user_id, progress.clone()), |work, (user_id, progress)| {
            Box::pin(async move {
                for (slug, done) in progress {
                    put(work, *user_id, slug, Some(done.verdict), done.at).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Forgets whether a user has done these experiments, also for what is added later and was done before `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`], as when the account is gone.
    pub async fn forget_progress(&self, user_id: i64, slugs: &[&str], now: i64) -> Result<(), StoreError> {
        let slugs: Vec<_> = slugs.iter().copied().map(str::to_owned).collect();
        self.write((user_id, slugs, now), |work, (user_id, slugs, now)| {
            Box::pin(async move {
                sqlx::query("DELETE FROM progress WHERE user_id = $1").bind(user_id).execute(&mut *work).await?;
                for slug in slugs {
                    put(work, *user_id, slug, None, *now).await?;
                }
                Ok(())
            })
        })
        .await
    }
}

async fn put(
    work: &mut AnyConnection,
    user_id: i64,
    slug: &str,
    verdict: Option<Kind>,
    at: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO progress (user_id, slug, verdict, at) VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, slug) \
         DO UPDATE SET verdict = excluded.verdict, at = excluded.at WHERE excluded.at > progress.at",
    )
    .bind(user_id)
    .bind(slug)
    .bind(verdict.map(Kind::word))
    .bind(at)
    .execute(work)
    .await?;
    Ok(())
}
