//! How many experiments are run.

use crate::experiments::{
    model::{Experiment, Kind},
    progress::Progress,
};

/// How many of some experiments have come to a verdict, and how many cannot be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count {
    all: usize,
    run: usize,
    untried: usize,
}

pub(super) fn count<'a>(experiments: impl Iterator<Item = &'a Experiment>, progress: &Progress) -> Count {
    experiments.fold(Count { all: 0, run: 0, untried: 0 }, |count, experiment| {
        let came_to = progress.get(experiment.slug).map(|done| done.verdict);
        let untried = came_to == Some(Kind::CannotBeTried);
        Count {
            all: count.all + 1,
            run: count.run + usize::from(came_to.is_some() && !untried),
            untried: count.untried + usize::from(untried),
        }
    })
}

impl Count {
    /// `12 of 27 run, 2 cannot be tried here`
    pub fn told(self) -> String {
        let Self { all, run, untried } = self;
        match untried {
            0 => format!("{run} of {all} run"),
            _ => format!("{run} of {all} run, {untried} cannot be tried here"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{catalogue::CATALOGUE, model::Group, progress::Done};

    #[test]
    fn what_cannot_be_tried_is_counted_apart() {
        let of = |verdict| Done { verdict, at: 7 };
        let told = |progress: &Progress| count(CATALOGUE.iter(), progress).told();
        let mut progress = Progress::from([("http-forgets".to_owned(), of(Kind::DoesNotHold))]);
        progress.insert("login-flow".to_owned(), of(Kind::Holds));
        assert_eq!(told(&progress), format!("1 of {} run", CATALOGUE.len()));
        progress.insert("what-travels".to_owned(), of(Kind::CannotBeTried));
        assert_eq!(told(&progress), format!("1 of {} run, 1 cannot be tried here", CATALOGUE.len()));
    }

    #[test]
    fn every_experiment_stands_in_one_group() {
        for group in Group::ALL {
            assert!(CATALOGUE.iter().any(|experiment| experiment.group == group), "{}", group.title());
        }
    }
}
