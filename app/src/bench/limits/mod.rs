//! How much fits: the limits of this browser, measured here and now.

mod browser;
mod measure;
mod model;
mod panel;

use super::tools::chunk;
use crate::browser::{
    locks::{Taken, hold},
    probe,
};
use leptos::task::spawn_local;
pub(super) use model::{KEPT_AS, Limits, Measuring, Progress};
pub(super) use panel::panel;

/// Two measurements at a time would fill each other's room, and a tab that wakes must not sweep away what another is
/// measuring with.
const LOCK: &str = "lab-limits";

/// Takes away what a measurement left behind that broke off, unless another tab is at it.
pub(super) async fn sweep_up() {
    if let Some(_alone) = hold(LOCK, Taken::GiveUp).await {
        probe::sweep();
    }
}

/// Looks whether there is something to take away.
pub(super) fn wake() {
    if probe::left_behind() {
        spawn_local(async {
            if let Ok(chunk) = chunk().await {
                (chunk.sweep_up)();
            }
        });
    }
}
