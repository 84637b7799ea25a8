//! The parts as one chunk: with `--split` what is reached from here alone is cut out of the app's WASM and fetched when one
//! of them is opened.

use super::{panels::Panels, part::Part};
use crate::bench::{cookies, inspector, journal, limits, shortcuts, snapshot, survival, textbook, tour, wire};
use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

/// Draws a part.
pub(super) type Draw = fn(Part, Panels) -> AnyView;

/// Handed over once it is there, so that using it does not wait.
#[wasm_split(tools, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn chunk() -> Result<Draw, SplitLoaderError> {
    Ok(draw)
}

fn draw(part: Part, panels: Panels) -> AnyView {
    let bench = panels.bench;
    match part {
        Part::Survival => survival::panel(bench),
        Part::Wire => wire::panel(bench),
        Part::Journal => journal::panel(bench),
        Part::Limits => limits::panel(bench, panels.measuring),
        Part::Textbook => textbook::panel(bench, panels.textbook()),
        Part::Snapshot => snapshot::panel(bench),
        Part::Reset => snapshot::dialog(bench),
        Part::Inspector => inspector::panel(bench),
        Part::CookieForm => cookies::form(bench, panels.cookie_form),
        Part::Tour => tour::panel(bench, panels.tour),
        Part::Shortcuts => shortcuts::panel(bench),
    }
}
