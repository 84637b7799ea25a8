//! Keys without Ctrl can be switched off (WCAG 2.1.4); the choice is an entry of the lab in localStorage.

use crate::{bench::state::Bench, browser::Area};

const KEY: &str = "lab-keys";
const OFF: &str = "off";

pub(super) fn are_off() -> bool {
    Area::Local.get(KEY).is_some_and(|value| value == OFF)
}

/// Where the browser keeps nothing the keys stay on.
pub(super) fn switch(bench: Bench, on: bool) {
    bench.remember_setting(KEY, (!on).then_some(OFF));
}
