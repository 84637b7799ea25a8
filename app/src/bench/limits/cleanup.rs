//! What a measurement that broke off left behind is taken away.

use crate::browser::{
    locks::{Taken, hold},
    probe,
};
use leptos::{
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};

/// Two measurements at a time would fill each other's room, and a tab that wakes must not sweep away what another is
/// measuring with.
pub(super) const LOCK: &str = "lab-limits";

/// Takes away what a measurement left behind that broke off, unless another tab is at it.
async fn sweep_up() {
    if let Some(_alone) = hold(LOCK, Taken::GiveUp).await {
        probe::sweep();
    }
}

/// Looks whether there is something to take away.
pub(in crate::bench) fn wake() {
    if probe::left_behind() {
        spawn_local(async {
            if let Ok(sweep) = sweeper().await {
                sweep();
            }
        });
    }
}

/// Comes with the chunk of the tools, since there is seldom something to take away.
#[wasm_split(tools, wasm_split_path = leptos::wasm_split, fallible)]
fn sweeper() -> Result<fn(), SplitLoaderError> {
    Ok(|| spawn_local(sweep_up()))
}
