//! Accounts over HTTP: the six steps, and what must not happen on the way.

mod attacks;
mod concurrency;
mod lifetime;
mod login;
mod logout;
mod owner;
mod reset;
mod signup;
mod strength;
mod throttle;
