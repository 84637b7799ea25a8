//! Accounts over HTTP: the six steps, and what must not happen on the way.

mod attacks;
mod lifetime;
mod login;
mod logout;
mod signup;
