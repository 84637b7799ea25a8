//! Everything of the bench that is not needed at first sight, as one chunk: with `--split` what is reached from here
//! alone is cut out of the app's WASM and fetched when one of its parts is opened.

use super::Part;
use crate::bench::{
    cookies, grid, inspector, journal, limits, shortcuts, snapshot, state::Bench, survival, textbook, tour, wire,
};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};

/// What the chunk can do; handed over once it is there, so that using it does not wait.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Chunk {
    /// Draws a part.
    pub draw: fn(Part, Bench) -> AnyView,
    /// Sorts, filters and moves about in the columns.
    pub grid: grid::Lazy,
    /// Takes away what a measurement of limits left behind.
    pub sweep_up: fn(),
}

#[wasm_split(tools, wasm_split_path = leptos::wasm_split, fallible)]
pub(in crate::bench) fn chunk() -> Result<Chunk, SplitLoaderError> {
    let sweep_up = || spawn_local(limits::sweep_up());
    Ok(Chunk { draw, grid: grid::lazy(), sweep_up })
}

fn draw(part: Part, bench: Bench) -> AnyView {
    match part {
        Part::Survival => survival::panel(bench),
        Part::Wire => wire::panel(bench),
        Part::Journal => journal::panel(bench),
        Part::Limits => limits::panel(bench),
        Part::Textbook => textbook::panel(bench),
        Part::Snapshot => snapshot::panel(bench),
        Part::Reset => snapshot::dialog(bench),
        Part::Inspector => inspector::panel(bench),
        Part::CookieForm => cookies::form(bench),
        Part::Tour => tour::panel(bench),
        Part::Shortcuts => shortcuts::panel(bench),
    }
}
