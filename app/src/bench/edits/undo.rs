//! Undo and redo.

use super::apply::apply;
use crate::{
    bench::{
        history::{Edit, Step},
        state::Bench,
    },
    browser::{Draft, Refusal},
};

/// Which way a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Undo.
    Back,
    /// Redo.
    Forth,
}

/// Takes a step. Who asks while one is under way waits for it, since only then it is known what is left to take. What could
/// not be done stays where it was, to be tried again; over what somebody else has put there meanwhile, knowingly then.
pub(super) async fn take(bench: Bench, turn: Turn) {
    let history = bench.history;
    let turns = history.turns.get_value();
    let _alone = turns.lock().await;
    let (from, to, word) = match turn {
        Turn::Back => (history.done, history.undone, "Undone"),
        Turn::Forth => (history.undone, history.done, "Done again"),
    };
    let Some(Step { what, edits }) = from.try_update(Vec::pop).flatten() else { return };
    let turned = |edits: Vec<Edit>| match turn {
        Turn::Back => edits.into_iter().rev().map(Edit::reversed).collect(),
        Turn::Forth => edits,
    };
    let (gone, refused) = apply(bench, turned(edits)).await;
    bench.status.set(match refused.first() {
        None => format!("{word}: {what}"),
        Some((edit, refusal)) => not_done(turn, &what, edit, refusal),
    });
    let left = refused.into_iter().filter_map(|(edit, refusal)| over(edit, refusal)).collect();
    for (steps, edits) in [(to, turned(gone)), (from, turned(left))] {
        if !edits.is_empty() {
            steps.update(|steps| steps.push(Step { what: what.clone(), edits }));
        }
    }
}

/// Which step could not be taken back or done again, and why.
fn not_done(turn: Turn, what: &str, edit: &Edit, refusal: &Refusal) -> String {
    let (verb, again) = match turn {
        Turn::Back => ("undone", "Undo"),
        Turn::Forth => ("done again", "Redo"),
    };
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
