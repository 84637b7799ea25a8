//! The atlas: what every experiment and every cell of the survival matrix came to in each browser that was measured, and
//! in the visitor's own.
//!
//! [`model`] is the data, as `docs/ATLAS.md` describes it; [`check`] reads it from a file and refuses what it does not know.
//! [`record`] keeps the visitor's own column in the browser, [`api`] and [`port`] bring the others from the server, and the
//! [`page`] shows them side by side in a [`table`]. The page comes with the experiments' chunk (`pages/experiments.rs`).

mod api;
#[cfg(feature = "ssr")]
mod check;
mod model;
mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub(crate) mod record;
mod row;
mod table;

pub use api::{LoadAtlas, load_atlas};
#[cfg(feature = "ssr")]
pub use check::{FILE_LIMIT_BYTES, Fault, NAME_LIMIT, check_name, read, shipped};
pub use model::{Atlas, Bar, Cell, Column, Conclusion, Figure, Listed, MadeBy, SCHEMA, Scheme};
pub(crate) use page::AtlasPage;
