//! Undo and redo: every change that the panel makes is a step of edits, and a step can be taken back and done again.

use super::state::Bench;
use crate::browser::{Draft, Refusal, Store};
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

    /// Takes the last step back.
    pub async fn undo(self, bench: Bench) {
        self.go(bench, self.done, self.undone, "Undone").await;
    }

    /// Does the step that was taken back last once more.
    pub async fn redo(self, bench: Bench) {
        self.go(bench, self.undone, self.done, "Done again").await;
    }

    /// What could not be done stays where it was, to be tried again; over what somebody else has put there meanwhile,
    /// knowingly then.
    async fn go(self, bench: Bench, from: RwSignal<Vec<Step>>, to: RwSignal<Vec<Step>>, word: &str) {
        let undoing = word == "Undone";
        let Some(Step { what, edits }) = from.try_update(Vec::pop).flatten() else { return };
        let turn = |mut edits: Vec<Edit>| {
            if undoing {
                edits = edits.into_iter().rev().map(Edit::reversed).collect();
            }
            edits
        };
        let (gone, refused) = bench.apply(turn(edits)).await;
        bench.status.set(match refused.first() {
            None => format!("{word}: {what}"),
            Some((edit, refusal)) => not_done(undoing, &what, edit, refusal),
        });
        let left = refused.into_iter().filter_map(|(edit, refusal)| over(edit, refusal)).collect();
        for (steps, edits) in [(to, turn(gone)), (from, turn(left))] {
            if !edits.is_empty() {
                steps.update(|steps| steps.push(Step { what: what.clone(), edits }));
            }
        }
    }
}

/// Which step could not be taken back or done again, and why.
fn not_done(undoing: bool, what: &str, edit: &Edit, refusal: &Refusal) -> String {
    let (verb, again) = if undoing { ("undone", "Undo") } else { ("done again", "Redo") };
    let why = match refusal.meanwhile() {
        Some(fact) => format!("{fact} {again} once more if you mean it."),
        None => refusal.explain(),
    };
    format!("Not {verb} for {} in {}: {what} {why}", edit.name(), edit.store.title())
}

/// The edit that was refused, to be tried again over what is there now; `None` where nothing is left to do.
fn over(edit: Edit, refusal: Refusal) -> Option<Edit> {
    let Refusal::Changed(now, _) = refusal else { return Some(edit) };
    let draft = edit.after.as_ref().or(edit.before.as_ref())?;
    let before = now.map(|value| Draft { value, ..draft.clone() });
    (before.is_some() || edit.after.is_some()).then_some(Edit { before, ..edit })
}
