//! The state of an experiment: what was predicted, what is seen, what it came to. The page shows it, a run fills it in.

use super::{
    model::{Experiment, Lane, Sight, Verdict},
    parameter::{Parameter, query, read_link},
};
use crate::{
    browser::page_address::readdress,
    navigation::Navigation,
    reactive::{State, Stored},
    ui::WindowRequest,
};
use futures::channel::oneshot;
use leptos::prelude::*;

/// What the visitor waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing.
    Idle,
    /// The other tabs, which run something that tolerates nothing beside it.
    Queued,
    /// The step under way.
    Running,
    /// The visitor is to press "Next step".
    Paused,
    /// It is reset, and a run is still coming to its end.
    Ending,
    Done(Verdict),
    /// It cannot be tried here, for this reason.
    CannotBeTried(String),
    /// It came to nothing, for this reason.
    Failed(String),
}

/// Something that was seen in a step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    pub step: usize,
    pub lane: Lane,
    pub title: String,
    pub sight: Sight,
}

/// Lives as long as its page. A run outlives it for as long as it takes to clean up, and then finds nothing to write on.
#[derive(Clone, Copy)]
pub(super) struct ExperimentState {
    pub experiment: &'static Experiment,
    pub prediction: State<Option<usize>>,
    pub phase: State<Phase>,
    /// The step that began last.
    pub step: State<Option<usize>>,
    pub seen: State<Vec<Seen>>,
    /// What is to be said beside that.
    pub says: State<String>,
    /// Whether the visitor goes step by step.
    pub by_step: State<bool>,
    /// Where the browser opens no window by itself, the visitor is asked for the click.
    pub windows: WindowRequest,
    /// The parameters' values, in their order.
    pub values: State<Vec<String>>,
    /// Those of which the link gave a value that could not be used.
    pub unusable: Stored<Vec<&'static Parameter>>,
    /// Counts runs and resets: a run that finds another number than its own is to end.
    turn: State<u32>,
    path: Stored<String>,
    next: Stored<Option<oneshot::Sender<()>>>,
}

impl ExperimentState {
    /// An empty one for the page of this path, with the values of its link.
    pub fn new(experiment: &'static Experiment, path: String) -> Self {
        let navigation = expect_context::<Navigation>();
        let (values, unusable) = read_link(experiment.parameters, |name| navigation.query_untracked(name));
        Self {
            experiment,
            prediction: State::new(None),
            phase: State::new(Phase::Idle),
            step: State::new(None),
            seen: State::new(Vec::new()),
            says: State::new(String::new()),
            by_step: State::new(false),
            windows: WindowRequest::new(),
            values: State::new(values),
            unusable: Stored::new(unusable),
            turn: State::new(0),
            path: Stored::new(path),
            next: Stored::new(None),
        }
    }

    /// Whether the last run has come to its end.
    pub fn is_over(self) -> bool {
        matches!(*self.phase.read(), Phase::Done(_) | Phase::CannotBeTried(_) | Phase::Failed(_))
    }

    /// Whether a run is under way.
    pub fn is_busy(self) -> bool {
        matches!(*self.phase.read(), Phase::Queued | Phase::Running | Phase::Paused | Phase::Ending)
    }

    /// Whether it can be run: there is a prediction where one is asked for, and nothing under way.
    pub fn is_ready(self) -> bool {
        self.is_predicted() && !self.is_busy()
    }

    /// Whether there is a prediction, or none is asked for.
    pub fn is_predicted(self) -> bool {
        self.prediction.read().is_some() || self.experiment.choices.is_empty()
    }

    /// Makes room for a new run, and gives it its number. `by_step`: the run waits for the visitor before each step.
    pub fn begin(self, by_step: bool) {
        self.empty();
        self.by_step.set(by_step);
        self.phase.set(Phase::Queued);
        self.turn.update(|turn| *turn += 1);
    }

    /// Forgets the parameters that are secret.
    pub fn forget_secrets(self) {
        let parameters = self.experiment.parameters;
        if parameters.iter().any(Parameter::is_secret) {
            self.values.update(|values| {
                for (value, _) in values.iter_mut().zip(parameters).filter(|(_, parameter)| parameter.is_secret()) {
                    value.clear();
                }
            });
        }
    }

    /// The visitor has pressed "Next step".
    pub fn go_on(self) {
        if let Some(next) = self.next.try_update_value(Option::take).flatten() {
            let _ = next.send(());
        }
    }

    /// Back to how it was at first; a run that is under way comes to its end.
    pub fn reset(self) {
        let under_way = untrack(|| self.is_busy());
        self.turn.update(|turn| *turn += 1);
        self.next.set_value(None);
        self.empty();
        self.prediction.set(None);
        self.phase.set(if under_way { Phase::Ending } else { Phase::Idle });
    }

    fn empty(self) {
        self.step.set(None);
        self.seen.set(Vec::new());
        self.says.set(String::new());
    }

    /// The number of the turn, which a run remembers; `None` once the page is gone.
    pub fn turn(self) -> Option<u32> {
        self.turn.try_get_untracked()
    }

    /// Fulfilled when "Next step" is pressed, broken when it no longer can be.
    pub fn pressed_next(self) -> oneshot::Receiver<()> {
        let (next, pressed) = oneshot::channel();
        let _ = self.next.try_update_value(|place| *place = Some(next));
        pressed
    }

    /// Changes a parameter, and the page's link with it.
    pub fn change(self, index: usize, value: String) {
        self.values.update(|values| {
            if let Some(place) = values.get_mut(index) {
                *place = value;
            }
        });
        readdress(&self.link());
    }

    /// Path and query of the page with the values that it has now.
    pub fn link(self) -> String {
        let Experiment { parameters, .. } = self.experiment;
        format!("{}{}", self.path.get_value(), query(parameters, &self.values.read_untracked()))
    }
}
