//! What the browser does for every feature, without signals.

pub(crate) mod kept;
pub(crate) mod watch;
pub(crate) mod windows;
