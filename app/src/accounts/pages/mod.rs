//! The pages around an account: plain forms first, woken by scripts where there are any.

mod account;
mod confirm;
mod data;
mod earlier;
mod events;
mod form;
mod log_in;
mod owner;
mod password;
mod reset;
mod sessions;
mod sign_up;

pub(crate) use account::AccountPage;
pub(crate) use confirm::ConfirmPage;
pub(crate) use log_in::LogInPage;
pub(crate) use reset::ResetPage;
pub(crate) use sign_up::SignUpPage;
