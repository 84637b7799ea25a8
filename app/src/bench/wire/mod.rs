//! What travelled: the requests of this page as the server received them, and its answers.

mod panel;

pub(super) use panel::panel;
