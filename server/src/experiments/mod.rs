//! The server's part of the experiments: what users have done.

mod progress;

pub use progress::ProgressService;
