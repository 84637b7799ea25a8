//! The trials of the survival matrix, behind the port that `app` declares. A trial's id is 128 random bits and opens it.

use super::allowance::Allowance;
use crate::{
    accounts::{by_address, hourly},
    store::Store,
};
use app::{
    AppError,
    bench::{TRIAL_LIMIT_BYTES, Trial, port::Trials},
    services::Visitor,
};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A trial is kept for 30 days after its last change.
pub(crate) const TRIALS_KEPT_SECONDS: i64 = 30 * 86_400;
/// New trials from one network in an hour.
const NEW_TRIALS: i64 = 300;
/// Characters of an id in base64url.
const ID_CHARACTERS: usize = 22;

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
        let counters = by_address("trial", &visitor.caller.address, hourly(NEW_TRIALS));
        self.store.count_attempt(&counters, visitor.now).await?;
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|cause| {
            tracing::error!(%cause, "no randomness");
            AppError::Internal
        })?;
        self.store.add_trial(id, &content, visitor.now).await?;
        Ok(URL_SAFE_NO_PAD.encode(id))
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

/// As it is stored: written anew, so that nothing is kept but what the type knows.
fn written(trial: &Trial) -> Result<String, AppError> {
    let content = serde_json::to_string(trial).map_err(|_| AppError::BadRequest)?;
    if content.len() > TRIAL_LIMIT_BYTES { Err(AppError::TooLarge) } else { Ok(content) }
}

/// Reads an id; anything else is none.
pub(crate) fn read_id(text: &str) -> Option<[u8; 16]> {
    // Not decoded before its length is known: anything may stand there.
    if text.len() != ID_CHARACTERS {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
