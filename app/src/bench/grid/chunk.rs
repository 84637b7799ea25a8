//! The part of the table that is fetched when it is first used, as one chunk.

use super::{
    act, add, facets, menu, moves, order, saved,
    state::{Grid, Lazy},
};
use crate::bench::tools::Panels;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

/// Comes with the chunk `edit`.
#[wasm_split(edit, wasm_split_path = leptos::wasm_split, fallible)]
fn chunk() -> Result<Lazy, SplitLoaderError> {
    Ok(Lazy {
        arranged: order::arranged,
        press: moves::press,
        act: act::act,
        facets: facets::facets,
        menu: menu::menu,
        add: add::add,
        restore: saved::restore,
        save: saved::save,
    })
}

/// The table's state, which knows from here how the rest of the table is fetched.
pub(in crate::bench) fn grid(panels: Panels) -> Grid {
    Grid::new(panels, || Box::pin(chunk()))
}
