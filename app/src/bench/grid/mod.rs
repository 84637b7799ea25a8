//! The columns of the bench: what each store is, what it holds as a grid (WAI-ARIA APG), and what can be done to it. What
//! sorts, filters and moves about in it is fetched when it is first used.

mod about;
mod add;
mod column;
mod edit;
mod facets;
mod further;
mod keys;
mod moves;
mod order;
mod row;
mod saved;
mod search;
mod select;
mod table;
mod used;
mod view;
mod window;
mod words;

use leptos::wasm_split::{SplitLoaderError, wasm_split};

pub(super) use column::{column, shape};
pub(super) use search::{FIELD as FILTER_FIELD, search};
use view::Lazy;
pub(super) use view::View;
pub(super) use words::ends;

/// What is fetched with the tools.
#[wasm_split(tools, wasm_split_path = leptos::wasm_split, fallible)]
fn lazy() -> Result<Lazy, SplitLoaderError> {
    Ok(Lazy {
        sorted: order::sorted,
        filtered: order::filtered,
        press: moves::press,
        facets: facets::facets,
        restore: saved::restore,
        save: saved::save,
    })
}
