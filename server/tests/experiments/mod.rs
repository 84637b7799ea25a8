//! The experiments over HTTP: what users have done.

mod elsewhere;
mod forgery;
mod progress;
mod secrets;
mod subjects;
