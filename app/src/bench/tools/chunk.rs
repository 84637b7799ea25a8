//! The panels as one chunk: with `--split` what is reached from here alone is cut out of the app's WASM and fetched when one
//! of them is opened.

use super::{panel::Panel, panels::Panels};
use crate::bench::{cookies, inspector, journal, limits, shortcuts, snapshot, survival, textbook, tour, wire};
use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

/// Draws a panel.
pub(super) type Draw = fn(Panel, Panels) -> AnyView;

/// Handed over once it is there, so that using it does not wait.
#[wasm_split(tools, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn chunk() -> Result<Draw, SplitLoaderError> {
    Ok(draw)
}

fn draw(panel: Panel, panels: Panels) -> AnyView {
    let bench = panels.bench;
    match panel {
        Panel::Survival => survival::panel(bench),
        Panel::Wire => wire::panel(bench),
        Panel::Journal => journal::panel(bench),
        Panel::Limits => limits::panel(bench, panels.measuring),
        Panel::Textbook => textbook::panel(bench, panels.textbook()),
        Panel::Snapshot => snapshot::panel(bench),
        Panel::Reset => snapshot::dialog(bench),
        Panel::Inspector => inspector::panel(bench),
        Panel::CookieForm => cookies::form(bench, panels.cookie_form),
        Panel::Tour => tour::panel(bench, panels.tour),
        Panel::Shortcuts => shortcuts::panel(bench),
    }
}
