//! Accounts: sign up, log in, log out, and the page only the account's owner may see.

mod api;
mod banner;
mod life;
mod model;
mod pages;
#[cfg(feature = "ssr")]
pub mod port;
mod state;
mod strength;
#[cfg(feature = "ssr")]
mod visitor;

pub use api::{
    ChangePassword, Confirm, CurrentUser, DeleteAccount, EndSession, LogIn, LogOut, RatePassword, ResetPassword,
    SignUp, StayLoggedIn, change_password, confirm, current_user, delete_account, end_session, log_in, log_out,
    profile, rate_password, reset_password, sign_up, stay_logged_in,
};
pub(crate) use banner::banner;
pub use model::{
    Event, EventKind, Export, ExportedSession, LoggedIn, MAX_PASSWORD, MIN_PASSWORD, OpenSession, Profile, Strength,
    Username,
};
pub(crate) use pages::{AccountPage, ConfirmPage, LogInPage, ResetPage, SignUpPage};
pub(crate) use state::Account;
#[cfg(feature = "ssr")]
pub(crate) use visitor::logged_in;
