//! Throw-away accounts of the real kind, for the experiments about sessions and passwords: what the server [answers] about
//! one, the same types on both sides, and an [account] as a run uses it.

mod account;
pub(super) mod answers;

pub(super) use account::{TestAccount, row, with_account, with_own_account};
pub use answers::*;
