//! The experiments over HTTP: what users have done.

mod progress;
mod secrets;
mod subjects;
