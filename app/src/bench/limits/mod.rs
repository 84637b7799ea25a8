//! How much fits: the limits of this browser, measured here and now.

mod alone;
mod browser;
mod measure;
mod model;
mod panel;
mod probe;
mod search;

use super::tools::chunk;
use leptos::task::spawn_local;
pub(super) use model::{ALPHABETS, KEPT_AS, Limits, Measuring, Progress};
pub(super) use panel::panel;

/// Takes away what a measurement left behind that broke off, unless another tab is at it.
pub(super) async fn sweep_up() {
    if let Some(_alone) = alone::hold().await {
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
