//! The table of the bench, "What each store holds": a row for each name, a column for each store (WAI-ARIA APG, grid). It is
//! written as HTML, in the browser as on the server. What sorts, filters and acts is fetched when it is first used.

// Where the code is split, before the rest (see `lib.rs`).
mod chunk;

mod act;
mod action;
mod add;
mod allowed;
mod draw;
mod edit;
mod editing;
mod facets;
mod facts;
mod how_full;
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

pub(super) use chunk::grid;
pub(super) use shape::shape;
pub(super) use table::table;
pub(super) use toolbar::{FIELD as FILTER_FIELD, toolbar};
pub(super) use words::ends;
