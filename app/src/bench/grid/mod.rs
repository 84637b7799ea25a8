//! The table of the bench, "What each store holds": a row for each name, a column for each store (WAI-ARIA APG, grid). It is
//! written as HTML, in the browser as on the server. What sorts, filters and acts is fetched when it is first used.

mod act;
mod add;
mod draw;
mod edit;
mod facets;
mod facts;
mod html;
mod keys;
mod menu;
mod moves;
mod order;
mod rows;
mod saved;
mod shape;
mod state;
mod table;
mod toolbar;
mod used;
mod window;
mod words;

use leptos::wasm_split::{SplitLoaderError, wasm_split};
use state::Lazy;

pub(super) use shape::shape;
pub(super) use state::Grid;
pub(super) use table::table;
pub(super) use toolbar::{FIELD as FILTER_FIELD, toolbar};
pub(super) use words::ends;

/// Comes with the chunk `edit`.
#[wasm_split(edit, wasm_split_path = leptos::wasm_split, fallible)]
fn lazy() -> Result<Lazy, SplitLoaderError> {
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
