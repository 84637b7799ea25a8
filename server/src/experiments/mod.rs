//! The server's part of the experiments: what users have done, throw-away accounts, hashing and sealing on request. The
//! lab's part reaches no account or session of anybody else.

mod hashing;
mod progress;
mod seal;
mod subjects;
mod transfers;

pub use hashing::Hashing;
pub use progress::ProgressService;
pub use seal::Seal;
pub use subjects::Subjects;
pub use transfers::Transfers;

use crate::{
    accounts::{AccountService, Hasher, Sessions},
    bench::Allowance,
    store::Store,
};
use app::{AppError, bench::port::SessionValues};
use moka::sync::Cache;
use std::{sync::Arc, time::Duration};

/// Reports that are kept, and for how long.
const REPORTS: u64 = 1_000;
const REPORTS_KEPT_FOR: Duration = Duration::from_secs(600);

/// What the lab's endpoints ask; clones share it.
#[derive(Clone)]
pub struct Experiments {
    /// Throw-away accounts.
    pub subjects: Arc<Subjects>,
    /// Passwords hashed at a cost of the visitor's choice.
    pub hashing: Hashing,
    /// Sealed cookies.
    pub seal: Arc<Seal>,
    /// What came to the targets of forged requests.
    pub transfers: Transfers,
    /// What pages of the other site have reported, each for one run, for a while.
    pub reports: Cache<String, String>,
}

impl Experiments {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        sessions: Sessions,
        accounts: Arc<AccountService>,
        values: Arc<dyn SessionValues>,
        allowance: Allowance,
        hasher: Hasher,
    ) -> Self {
        Self {
            subjects: Arc::new(Subjects::new(store, sessions, accounts, values, allowance)),
            hashing: Hashing::on(hasher),
            seal: Arc::default(),
            transfers: Transfers::default(),
            reports: Cache::builder().max_capacity(REPORTS).time_to_live(REPORTS_KEPT_FOR).build(),
        }
    }
}

/// Random bytes.
///
/// # Errors
/// [`AppError::Internal`] where the system gives none.
fn random<const N: usize>() -> Result<[u8; N], AppError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|cause| {
        tracing::error!(%cause, "no randomness");
        AppError::Internal
    })?;
    Ok(bytes)
}
