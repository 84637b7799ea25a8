//! The trials of the survival matrix, behind the port that `app` declares. A trial's id is 128 random bits and opens it.

use super::allowance::Allowance;
use crate::{
    counters::{by_network, hourly},
    ids::{random, read_id, write_id},
    store::{Store, StoreError},
};
use app::{
    AppError,
    bench::{TRIAL_LIMIT_BYTES, Trial, port::Trials},
    request::Visitor,
};
use async_trait::async_trait;

/// A trial is kept for 30 days after its last change.
const TRIALS_KEPT_SECONDS: i64 = 30 * 86_400;
/// New trials from one network in an hour.
const NEW_TRIALS: i64 = 300;

/// The rules of trials.
pub struct TrialService {
    store: Store,
    allowance: Allowance,
}

impl TrialService {
    /// Puts the parts together.
    pub fn new(store: Store, allowance: Allowance) -> Self {
        Self { store, allowance }
    }
}

#[async_trait]
impl Trials for TrialService {
    async fn begin(&self, visitor: &Visitor, trial: &Trial) -> Result<String, AppError> {
        let content = written(trial)?;
        self.allowance.take(&visitor.caller, content.len()).await?;
        let counters = by_network("trial", &visitor.caller.address, hourly(NEW_TRIALS));
        self.store.count_attempt(&counters, visitor.now).await?;
        let id = random()?;
        self.store.add_trial(id, &content, visitor.now).await?;
        Ok(write_id(id))
    }

    async fn save(&self, visitor: &Visitor, id: &str, trial: &Trial) -> Result<(), AppError> {
        let content = written(trial)?;
        let id = read_id(id).ok_or(AppError::NoSuchTrial)?;
        self.allowance.take(&visitor.caller, content.len()).await?;
        if self.store.change_trial(id, &content, visitor.now).await? { Ok(()) } else { Err(AppError::NoSuchTrial) }
    }

    async fn load(&self, id: &str) -> Result<Trial, AppError> {
        let id = read_id(id).ok_or(AppError::NoSuchTrial)?;
        let content = self.store.find_trial(id).await?.ok_or(AppError::NoSuchTrial)?;
        serde_json::from_str(&content).map_err(|cause| {
            // Written by a version that knew other events.
            tracing::warn!(%cause, "a trial cannot be read");
            AppError::NoSuchTrial
        })
    }

    async fn end(&self, id: &str) -> Result<(), AppError> {
        match read_id(id) {
            Some(id) => Ok(self.store.delete_trial(id).await?),
            None => Ok(()),
        }
    }
}

/// A trial as it is stored. It is written anew, so that nothing is kept but what the type knows.
fn written(trial: &Trial) -> Result<String, AppError> {
    let content = serde_json::to_string(trial).map_err(|_| AppError::BadRequest)?;
    if content.len() > TRIAL_LIMIT_BYTES { Err(AppError::TooLarge) } else { Ok(content) }
}

/// Deletes at most `most` trials that were not changed for 30 days; returns how many.
///
/// # Errors
/// [`StoreError::Database`].
pub(crate) async fn sweep(store: &Store, now: i64, most: i64) -> Result<u64, StoreError> {
    store.delete_old_trials(now - TRIALS_KEPT_SECONDS, most).await
}
