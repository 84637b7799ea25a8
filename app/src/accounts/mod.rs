//! Accounts: sign up, log in, log out, and the page only the account's owner may see.

mod api;
mod model;
mod pages;
#[cfg(feature = "ssr")]
pub mod port;
mod state;

pub use api::{CurrentUser, LogIn, LogOut, SignUp, current_user, log_in, log_out, profile, sign_up};
pub use model::{MAX_PASSWORD, MIN_PASSWORD, Profile, Username, is_guarded, safe_next, with_query};
pub(crate) use pages::{AccountPage, LogInPage, SignUpPage};
pub(crate) use state::Account;
