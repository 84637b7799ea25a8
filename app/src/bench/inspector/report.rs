//! What a value consists of, as those who read it tell it.

use super::json::Json;
use crate::bench::moment::Moment;

/// What a value consists of, and what it tells of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Report {
    /// What it is, as far as that can be known.
    pub notes: Vec<String>,
    pub trees: Vec<(&'static str, Json)>,
    /// Texts that may hold something in turn.
    pub parts: Vec<(String, String)>,
    pub facts: Vec<(&'static str, Fact)>,
}

/// Something that a value tells of itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fact {
    Words(String),
    /// With what is to be said of it.
    Moment(Moment, String),
    Bytes(Vec<u8>),
}
