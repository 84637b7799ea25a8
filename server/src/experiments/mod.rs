//! The server's part of the experiments: what users have done, throw-away accounts, hashing and sealing on request. The
//! lab's part reaches no account or session of anybody else.

mod hashing;
mod progress;
mod runs;
mod seal;
mod subjects;

pub use hashing::Hashing;
pub use progress::ProgressService;
pub use runs::{Run, Runs, Task};
pub use seal::Seal;
pub use subjects::Subjects;

use crate::{
    accounts::{AccountService, Hasher, Sessions},
    bench::Allowance,
    clock::Clock,
    store::Store,
};
use app::{AppError, bench::port::SessionValues};
use std::sync::Arc;

/// What the lab's endpoints ask; clones share it.
#[derive(Clone)]
pub struct Experiments {
    /// Throw-away accounts.
    pub subjects: Arc<Subjects>,
    /// Passwords hashed at a cost of the visitor's choice.
    pub hashing: Hashing,
    /// Sealed cookies.
    pub seal: Arc<Seal>,
    /// Runs whose pages act on the other site.
    pub runs: Runs,
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
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            subjects: Arc::new(Subjects::new(store, sessions, accounts, values, allowance)),
            hashing: Hashing::on(hasher),
            seal: Arc::default(),
            runs: Runs::new(clock),
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
