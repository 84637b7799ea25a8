//! What an experiment does, beside what its visitor reads ([`model`](super::model)).

use super::{
    model::{Trouble, Verdict},
    run::Run,
};
use crate::browser::windows::{BLANK, Opener, Opening, open};
use std::pin::Pin;

/// The code of an experiment.
pub(crate) struct Procedure {
    /// Opens, in the click that starts it, the window that [`Run::window`] hands over: [`no_window`] or [`a_window`].
    pub window: fn(&Run) -> Option<Opening>,
    /// Goes through the steps.
    pub run: fn(Run) -> Pending<Result<Verdict, Trouble>>,
    /// Removes what the framework does not know of; [`nothing_more`] where that is nothing.
    pub clean: fn(Run) -> Pending<()>,
}

/// Work that is under way.
pub(crate) type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// For experiments that open no window of their own.
pub(crate) fn no_window(_: &Run) -> Option<Opening> {
    None
}

/// For experiments that use one window, which is empty at first.
pub(crate) fn a_window(_: &Run) -> Option<Opening> {
    Some(open(BLANK, Opener::Popup))
}

/// For experiments of which all traces bear the run's names, or were made through it: those are removed by themselves.
pub(crate) fn nothing_more(_: Run) -> Pending<()> {
    Box::pin(async {})
}
