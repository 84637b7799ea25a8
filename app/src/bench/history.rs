//! Undo and redo: every change that the panel makes is a step of edits, and a step can be taken back and done again.

use super::{model::Store, state::Bench, stores::Draft};
use leptos::prelude::*;

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
    fn reversed(self) -> Self {
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
    done: RwSignal<Vec<Step>>,
    undone: RwSignal<Vec<Step>>,
}

impl History {
    pub fn new() -> Self {
        Self { done: RwSignal::new(Vec::new()), undone: RwSignal::new(Vec::new()) }
    }

    pub fn can_undo(self) -> bool {
        !self.done.read().is_empty()
    }

    pub fn can_redo(self) -> bool {
        !self.undone.read().is_empty()
    }

    /// Notes a step that was just done.
    pub fn note(self, step: Step) {
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

    /// Takes the last step back.
    pub async fn undo(self, bench: Bench) {
        self.go(bench, self.done, self.undone, "Undone").await;
    }

    /// Does the step that was taken back last once more.
    pub async fn redo(self, bench: Bench) {
        self.go(bench, self.undone, self.done, "Done again").await;
    }

    /// What could not be done stays where it was, to be tried again.
    async fn go(self, bench: Bench, from: RwSignal<Vec<Step>>, to: RwSignal<Vec<Step>>, word: &str) {
        let Some(step) = from.try_update(Vec::pop).flatten() else { return };
        let Step { what, edits } = step;
        let undoing = word == "Undone";
        let mut way = edits;
        if undoing {
            way = way.into_iter().rev().map(Edit::reversed).collect();
        }
        let (mut gone, refused) = bench.apply(way).await;
        let refusal = refused.first().map(|(_, refusal)| refusal.explain());
        let mut left: Vec<_> = refused.into_iter().map(|(edit, _)| edit).collect();
        if undoing {
            for edits in [&mut gone, &mut left] {
                *edits = edits.drain(..).rev().map(Edit::reversed).collect();
            }
        }
        bench.status.set(refusal.unwrap_or_else(|| format!("{word}: {what}")));
        for (steps, edits) in [(to, gone), (from, left)] {
            if !edits.is_empty() {
                steps.update(|steps| steps.push(Step { what: what.clone(), edits }));
            }
        }
    }
}
