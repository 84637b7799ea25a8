//! What an atlas consists of; as JSON it is described in `docs/ATLAS.md`.

use crate::{
    bench::survival::{Column as MatrixColumn, Event, Outcome},
    experiments::Kind,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// The version of the schema that this lab writes and reads.
pub const SCHEMA: u32 = 1;

/// Most characters of a verdict's words, and of what was read before and after an event.
pub(super) const WORDS_LIMIT: usize = 2_000;

/// Most figures of an experiment, and most bars of one.
pub(super) const FIGURES_LIMIT: usize = 30;

/// A file of columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Atlas {
    /// [`SCHEMA`].
    pub schema: u32,
    /// One for each browser and scheme that was measured.
    pub columns: Vec<Column>,
}

/// What one browser did, at one scheme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// As its maker calls it: `Firefox`.
    pub browser: String,
    /// As far as it is known: `153.0`.
    pub version: String,
    /// `Blink`, `Gecko` or `WebKit`.
    pub engine: String,
    /// The operating system: `Linux`.
    pub system: String,
    /// How the lab was opened.
    pub scheme: Scheme,
    /// The day of the last measurement in UTC: `2026-11-28`.
    pub measured: String,
    /// Who measured.
    pub made_by: MadeBy,
    /// The version of the lab.
    pub lab: String,
    /// What the experiments came to, by their slugs.
    #[serde(default)]
    pub experiments: BTreeMap<String, Conclusion>,
    /// What became of the markers, by event and store.
    #[serde(default)]
    pub matrix: BTreeMap<Event, BTreeMap<MatrixColumn, Cell>>,
}

/// How the lab was opened. Cookies that are `Secure` are the reason to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Without TLS.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// Its name on the page.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Https => "HTTPS",
        }
    }

    /// In a sentence about how it was measured.
    pub(super) fn condition(self) -> &'static str {
        match self {
            Self::Http => "over HTTP, without TLS",
            Self::Https => "over HTTPS (TLS)",
        }
    }
}

/// Who measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MadeBy {
    /// The project's own script, which runs the engines.
    #[serde(rename = "script/atlas")]
    Script,
    /// Somebody in their own browser.
    #[serde(rename = "visitor")]
    Visitor,
}

impl MadeBy {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Script => "by script/atlas",
            Self::Visitor => "by a visitor",
        }
    }
}

/// What an experiment came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conclusion {
    /// What became of the claim.
    pub outcome: Kind,
    /// The choice that was shown to be right, by its place; none where it could not be tried.
    pub answer: Option<u32>,
    /// The verdict's words, or why it could not be tried.
    pub words: String,
    /// The figures that the run compared.
    #[serde(default)]
    pub figures: Vec<Figure>,
}

/// Figures to compare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What is compared.
    pub title: String,
    /// The figures.
    pub bars: Vec<Bar>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// What it is of.
    pub name: String,
    /// How much, in the unit that the words name.
    pub amount: f64,
    /// The amount in words, with its unit.
    pub words: String,
}

/// What became of a marker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Judged from what was read before and after.
    pub outcome: Outcome,
    /// What was read before the event, in words.
    #[serde(default)]
    pub before: String,
    /// What was read after it.
    #[serde(default)]
    pub after: String,
}

/// A column as the server tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// What was measured.
    pub column: Column,
    /// The name under which an operator imported it, which may be empty; none for a column that comes with the lab.
    pub imported: Option<String>,
}

impl Column {
    /// Whether both tell of the same browser, under the same conditions, with the same lab.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        let of = |column: &Self| {
            let Self { browser, version, engine, system, scheme, lab, .. } = column.clone();
            (browser, version, engine, system, scheme, lab)
        };
        of(self) == of(other)
    }

    /// Where it was measured, under which conditions, when and by whom, in a line.
    pub(super) fn provenance(&self) -> String {
        let Self { browser, version, engine, system, scheme, measured, made_by, lab, .. } = self;
        let (condition, made_by) = (scheme.condition(), made_by.words());
        format!("{browser} {version} ({engine}) on {system}, {condition}, on {measured}, with lab {lab}, {made_by}.")
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}, {}", self.browser, self.version, self.scheme.title())
    }
}

/// The column to which the visitor's own is held: the last that came with the lab, of the same engine and scheme.
pub(super) fn reference<'a>(all: &'a [Listed], own: &Column) -> Option<&'a Column> {
    let alike = |column: &&Column| column.engine == own.engine && column.scheme == own.scheme;
    all.iter().filter(|listed| listed.imported.is_none()).map(|listed| &listed.column).rfind(alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(engine: &str, scheme: Scheme, version: &str) -> Column {
        Column {
            browser: "Firefox".into(),
            version: version.into(),
            engine: engine.into(),
            system: "Linux".into(),
            scheme,
            measured: "2026-11-28".into(),
            made_by: MadeBy::Script,
            lab: "0.1.0".into(),
            experiments: BTreeMap::new(),
            matrix: BTreeMap::new(),
        }
    }

    #[test]
    fn a_column_is_spelled_as_it_is_documented() {
        let mut column = column("Gecko", Scheme::Https, "153.0");
        let conclusion =
            Conclusion { outcome: Kind::HoldsWithACatch, answer: Some(1), words: "So.".into(), figures: Vec::new() };
        column.experiments.insert("http-forgets".into(), conclusion);
        let cell = Cell { outcome: Outcome::Missed, before: "a".into(), after: "b".into() };
        column.matrix.entry(Event::TabWithOpener).or_default().insert(MatrixColumn::SessionStorage, cell);
        let text = serde_json::to_string(&column).unwrap();
        for part in [
            r#""scheme":"https","measured":"2026-11-28","made_by":"script/atlas""#,
            r#""http-forgets":{"outcome":"holds_with_a_catch","answer":1,"words":"So.","figures":[]}"#,
            r#""tab_with_opener":{"session_storage":{"outcome":"did_not_reach","before":"a","after":"b"}}"#,
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(serde_json::from_str::<Column>(&text).unwrap(), column);
    }

    #[test]
    fn the_visitors_column_is_held_to_the_last_one_of_its_engine_and_scheme_that_came_with_the_lab() {
        let listed = |column, imported: Option<&str>| Listed { column, imported: imported.map(str::to_owned) };
        let all = [
            listed(column("Gecko", Scheme::Http, "152"), None),
            listed(column("Gecko", Scheme::Http, "153"), None),
            listed(column("Gecko", Scheme::Https, "153"), None),
            listed(column("Gecko", Scheme::Http, "154"), Some("somebody")),
        ];
        let held_to = |engine, scheme| reference(&all, &column(engine, scheme, "140")).map(ToString::to_string);
        assert_eq!(held_to("Gecko", Scheme::Http).as_deref(), Some("Firefox 153, HTTP"));
        assert_eq!(held_to("Gecko", Scheme::Https).as_deref(), Some("Firefox 153, HTTPS"));
        assert_eq!(held_to("WebKit", Scheme::Http), None);
    }

    #[test]
    fn another_version_of_a_browser_is_another_column() {
        let (one, other) = (column("Gecko", Scheme::Http, "152"), column("Gecko", Scheme::Http, "153"));
        assert!(one.is_of(&one.clone()) && !one.is_of(&other));
    }
}
