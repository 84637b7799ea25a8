//! The server's part of the experiments: what users have done, test accounts, hashing and sealing on request. Nothing here
//! reaches an account or a session of anybody else.

mod hashing;
mod progress;
mod runs;
mod seal;
mod test_account;

pub use hashing::Hashing;
pub use progress::ProgressService;
pub use runs::{Run, Runs, Task};
pub use seal::Seal;
pub use test_account::TestAccounts;
pub(crate) use test_account::sweep;

use crate::{
    accounts::{AccountService, Hasher},
    bench::Allowance,
    clock::Clock,
    sessions::Sessions,
    store::Store,
};
use app::bench::port::SessionValues;
use std::sync::Arc;

/// What the lab's endpoints call; clones share it.
#[derive(Clone)]
pub struct Experiments {
    /// Accounts in the real database, each for one run.
    pub test_accounts: Arc<TestAccounts>,
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
            test_accounts: Arc::new(TestAccounts::new(store, sessions, accounts, values, allowance)),
            hashing: Hashing::on(hasher),
            seal: Arc::default(),
            runs: Runs::new(clock),
        }
    }
}
