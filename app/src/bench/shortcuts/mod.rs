//! The keys that work wherever the focus is, and their list under `?`.

mod listen;
mod panel;

pub(super) use listen::listen;
pub(super) use panel::panel;

/// Keys without Ctrl can be switched off (WCAG 2.1.4); the choice is an entry of the lab in localStorage.
const KEY: &str = "lab-keys";
const OFF: &str = "off";
