//! The questions of the atlas, a row each, and what a column answers to one.

use super::{Column, Listed};
use crate::{
    bench::survival::{Column as MatrixColumn, Event, Outcome},
    experiments::{Experiment, Kind},
};

/// A question.
#[derive(Clone, Copy)]
pub(super) enum Row {
    /// What an experiment comes to.
    Experiment(&'static Experiment),
    /// What becomes of a marker in this store at that event.
    Marker(Event, MatrixColumn),
}

/// What was found, as far as two columns can differ in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Beside the words, for the eye.
    pub sign: &'static str,
    pub words: &'static str,
    /// Its name in styles.
    pub class: &'static str,
    /// The choice that was right, by its place.
    pub answer: Option<u32>,
}

impl Row {
    /// What a column answers; nothing where it was not tried.
    pub fn found(self, column: &Column) -> Option<Found> {
        match self {
            Self::Experiment(experiment) => {
                let conclusion = column.experiments.get(experiment.slug)?;
                Some(of_kind(conclusion.outcome, conclusion.answer))
            }
            Self::Marker(event, store) => of_outcome(column.matrix.get(&event)?.get(&store)?.outcome),
        }
    }

    /// Whether the columns that answer it answer differently.
    pub fn differs(self, all: &[Listed]) -> bool {
        let mut found = all.iter().filter_map(|listed| self.found(&listed.column));
        found.next().is_some_and(|first| found.any(|other| other != first))
    }

    /// Whether any of them answers it.
    pub fn is_answered(self, all: &[Listed]) -> bool {
        all.iter().any(|listed| self.found(&listed.column).is_some())
    }

    /// Where the visitor tries it.
    pub fn way(self) -> String {
        match self {
            Self::Experiment(experiment) => format!("/experiments/{}", experiment.slug),
            Self::Marker(..) => "/".to_owned(),
        }
    }

    /// It in a few words.
    pub fn title(self) -> String {
        match self {
            Self::Experiment(experiment) => experiment.title.to_owned(),
            Self::Marker(event, store) => format!("{}, {}", event.title(), store.title()),
        }
    }
}

/// Every cell of the matrix, event by event.
pub(super) fn markers() -> impl Iterator<Item = Row> {
    Event::ALL.into_iter().flat_map(|event| MatrixColumn::ALL.map(|store| Row::Marker(event, store)))
}

fn of_kind(kind: Kind, answer: Option<u32>) -> Found {
    let (sign, words) = match kind {
        Kind::Holds => ("✓", "Holds"),
        Kind::HoldsWithACatch => ("◐", "Holds, with a catch"),
        Kind::DoesNotHold => ("✗", "Does not hold"),
        Kind::CannotBeTried => ("–", "Cannot be tried"),
    };
    Found { sign, words, class: kind.class(), answer }
}

fn of_outcome(outcome: Outcome) -> Option<Found> {
    let class = match outcome {
        Outcome::Untried => return None,
        Outcome::Kept | Outcome::Reached => "holds",
        Outcome::Lost | Outcome::Missed => "gone",
        Outcome::Changed => "differs",
        Outcome::NotLaid | Outcome::Unreadable => "untried",
    };
    Some(Found { sign: outcome.symbol(), words: outcome.words(), class, answer: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{atlas::Conclusion, experiments::CATALOGUE};

    fn listed(outcome: Kind, answer: Option<u32>) -> Listed {
        let text = r#"{"browser":"B","version":"1","engine":"E","system":"S","scheme":"http","measured":"2026-11-28","made_by":"visitor","lab":"0"}"#;
        let mut column: Column = serde_json::from_str(text).unwrap();
        let conclusion = Conclusion { outcome, answer, words: format!("{outcome:?}"), figures: Vec::new() };
        column.experiments.insert(CATALOGUE[0].slug.to_owned(), conclusion);
        Listed { column, imported: None }
    }

    #[test]
    fn columns_differ_in_the_outcome_or_the_answer_and_not_in_the_words_or_in_what_was_not_tried() {
        let row = Row::Experiment(&CATALOGUE[0]);
        let (holds, other_answer) = (listed(Kind::Holds, Some(0)), listed(Kind::Holds, Some(1)));
        let untried =
            Listed { column: Column { experiments: Default::default(), ..holds.column.clone() }, imported: None };
        let mut other_words = holds.clone();
        other_words.column.experiments.get_mut(CATALOGUE[0].slug).unwrap().words = "else".into();
        assert!(!row.differs(&[]) && !row.differs(&[holds.clone(), untried.clone(), other_words]));
        assert!(row.differs(&[holds.clone(), other_answer]));
        assert!(row.differs(&[untried.clone(), holds.clone(), listed(Kind::CannotBeTried, None)]));
        assert!(row.is_answered(&[untried.clone(), holds]) && !row.is_answered(&[untried]));
    }
}
