//! A user's progress, behind the port that `app` declares. There is one row for each experiment that exists, at most.

use crate::store::Store;
use app::{
    AppError,
    experiments::{Done, Progress, port::ProgressBook, slugs},
    request::Visitor,
};
use async_trait::async_trait;

/// The rules of progress.
pub struct ProgressService {
    store: Store,
}

impl ProgressService {
    /// Puts the parts together.
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

#[async_trait]
impl ProgressBook for ProgressService {
    async fn load(&self, visitor: &Visitor) -> Result<Progress, AppError> {
        Ok(self.store.find_progress(visitor.user()?.id).await?)
    }

    async fn save(&self, visitor: &Visitor, progress: Progress) -> Result<Progress, AppError> {
        let user_id = visitor.user()?.id;
        // A clock that is ahead would win for ever.
        let at_last_now = |done: Done| Done { at: done.at.clamp(0, visitor.now), ..done };
        let known = progress.into_iter().filter(|(slug, _)| slugs().any(|known| known == slug));
        let known = known.map(|(slug, done)| (slug, at_last_now(done))).collect();
        self.store.add_progress(user_id, &known).await?;
        Ok(self.store.find_progress(user_id).await?)
    }

    async fn forget(&self, visitor: &Visitor) -> Result<(), AppError> {
        let slugs: Vec<_> = slugs().collect();
        Ok(self.store.forget_progress(visitor.user()?.id, &slugs, visitor.now).await?)
    }
}
