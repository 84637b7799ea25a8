//! The experiments over HTTP: what users have done, throw-away accounts, sealing, and what happens on the other site.

mod elsewhere;
mod forgery;
mod login_flow;
mod progress;
mod secrets;
mod test_account;
