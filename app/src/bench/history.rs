//! What this page did: every change is a step of edits, which can be taken back and done again.

use crate::{
    browser::{Draft, Store},
    reactive::{State, Stored},
};
use futures::{channel::oneshot, lock::Mutex};
use std::sync::Arc;

/// How many steps can be taken back.
const KEPT: usize = 50;

/// One entry before and after; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub store: Store,
    pub before: Option<Draft>,
    pub after: Option<Draft>,
}

impl Edit {
    pub fn reversed(self) -> Self {
        Self { store: self.store, before: self.after, after: self.before }
    }

    /// The entry's name.
    pub fn name(&self) -> &str {
        self.after.as_ref().or(self.before.as_ref()).map_or("", |draft| &draft.name)
    }
}

/// Edits that belong together, with the words for them: `Deleted lab-a from Cookies.`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub what: String,
    pub edits: Vec<Edit>,
}

/// The steps of this page.
#[derive(Clone, Copy)]
pub(super) struct History {
    pub done: State<Vec<Step>>,
    pub undone: State<Vec<Step>>,
    /// Held by who takes a step back or does it again: one at a time.
    pub turns: Stored<Arc<Mutex<()>>>,
    /// The changes under way: each ends where its sender is dropped.
    under_way: Stored<Vec<oneshot::Receiver<()>>>,
}

impl History {
    pub fn new() -> Self {
        Self {
            done: State::new(Vec::new()),
            undone: State::new(Vec::new()),
            turns: Stored::new(Arc::default()),
            under_way: Stored::new(Vec::new()),
        }
    }

    /// A change begins, which is under way until what is returned is dropped.
    #[must_use]
    pub fn begin(self) -> oneshot::Sender<()> {
        let (sender, receiver) = oneshot::channel();
        self.under_way.update_value(|changes| {
            changes.retain_mut(|change| change.try_recv().is_ok());
            changes.push(receiver);
        });
        sender
    }

    /// Waits for the changes that are under way: only then it is known what the last step is.
    pub async fn settled(self) {
        for change in self.under_way.try_update_value(std::mem::take).unwrap_or_default() {
            let _ = change.await;
        }
    }

    pub fn can_undo(self) -> bool {
        !self.done.read().is_empty()
    }

    pub fn can_redo(self) -> bool {
        !self.undone.read().is_empty()
    }

    /// Notes a step that was just done; what cannot be put back is left out.
    pub fn note(self, mut step: Step) {
        step.edits.retain(|edit| !edit.before.as_ref().is_some_and(|before| before.unseen));
        if step.edits.is_empty() {
            return;
        }
        self.undone.set(Vec::new());
        self.done.update(|done| {
            done.push(step);
            let over = done.len().saturating_sub(KEPT);
            done.drain(..over);
        });
    }

    /// Forgets everything: somebody else may be at the keyboard now.
    pub fn forget(self) {
        self.done.set(Vec::new());
        self.undone.set(Vec::new());
    }
}
