//! Undo and redo.

use super::{
    history::{Edit, Step},
    state::Bench,
};
use crate::{
    browser::{Draft, Refusal},
    reactive::State,
};

impl Bench {
    /// Takes the last step back.
    pub async fn undo(self) {
        self.go(self.history.done, self.history.undone, "Undone").await;
    }

    /// Does the step that was taken back last once more.
    pub async fn redo(self) {
        self.go(self.history.undone, self.history.done, "Done again").await;
    }

    /// What could not be done stays where it was, to be tried again; over what somebody else has put there meanwhile,
    /// knowingly then.
    async fn go(self, from: State<Vec<Step>>, to: State<Vec<Step>>, word: &str) {
        let undoing = word == "Undone";
        let Some(Step { what, edits }) = from.try_update(Vec::pop).flatten() else { return };
        let turn = |mut edits: Vec<Edit>| {
            if undoing {
                edits = edits.into_iter().rev().map(Edit::reversed).collect();
            }
            edits
        };
        let (gone, refused) = self.apply(turn(edits)).await;
        self.status.set(match refused.first() {
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
