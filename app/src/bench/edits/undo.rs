//! Undo and redo.

use super::apply::{Applied, apply};
use crate::{
    bench::{
        history::{Edit, History, Step},
        state::Bench,
    },
    browser::{Draft, Refusal},
    text::told,
};

/// Which way a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Undo.
    Back,
    /// Redo.
    Forth,
}

/// Takes a step, and tells what came of it.
pub(super) async fn take(bench: Bench, turn: Turn) {
    if let Some(told) = take_step(bench.history, turn, async |edits| apply(bench, edits).await).await {
        bench.status.set(told);
    }
}

/// Takes a step; `None` where there is none to take. Who asks while a step or a change is under way waits for it, since only
/// then it is known what there is to take. What could not be done stays where it was, to be tried again; over what somebody else has
/// put there meanwhile, knowingly then.
async fn take_step(history: History, turn: Turn, apply: impl AsyncFnOnce(Vec<Edit>) -> Applied) -> Option<String> {
    let turns = history.turns.get_value();
    let _alone = turns.lock().await;
    history.settled().await;
    let (from, to, word) = match turn {
        Turn::Back => (history.done, history.undone, "Undone"),
        Turn::Forth => (history.undone, history.done, "Done again"),
    };
    let Step { what, edits } = from.try_update(Vec::pop).flatten()?;
    let turned = |edits: Vec<Edit>| match turn {
        Turn::Back => edits.into_iter().rev().map(Edit::reversed).collect(),
        Turn::Forth => edits,
    };
    let (gone, refused) = apply(turned(edits)).await;
    let told = match refused.first() {
        None => format!("{word}: {what}"),
        Some((edit, refusal)) => not_done(turn, &what, edit, refusal),
    };
    let left = refused.into_iter().filter_map(|(edit, refusal)| over(edit, refusal)).collect();
    for (steps, edits) in [(to, turned(gone)), (from, turned(left))] {
        if !edits.is_empty() {
            steps.update(|steps| steps.push(Step { what: what.clone(), edits }));
        }
    }
    Some(told)
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
    format!("Not {verb} for {} in {}: {what} {why}", told(edit.name()), edit.store.title())
}

/// The edit that was refused, to be tried again over what is there now; `None` where nothing is left to do.
fn over(edit: Edit, refusal: Refusal) -> Option<Edit> {
    let Refusal::Changed(now, _) = refusal else { return Some(edit) };
    let draft = edit.after.as_ref().or(edit.before.as_ref())?;
    let before = now.map(|value| Draft { value, ..draft.clone() });
    (before.is_some() || edit.after.is_some()).then_some(Edit { before, ..edit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Store;
    use futures::channel::oneshot;
    use leptos::prelude::Owner;
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    #[test]
    fn an_undo_asked_for_while_a_change_is_under_way_takes_that_change_back() {
        Owner::new_root(None).with(|| {
            let history = History::new();
            let step = |name: &str| Step {
                what: format!("Put {name} in localStorage."),
                edits: vec![Edit {
                    store: Store::LocalStorage,
                    before: None,
                    after: Some(Draft::new(name.to_owned(), "1")),
                }],
            };
            history.note(step("lab-a"));
            let change = history.begin();
            let mut undo = pin!(take_step(history, Turn::Back, async |edits| (edits, Vec::new())));

            let context = &mut Context::from_waker(Waker::noop());
            assert_eq!(undo.as_mut().poll(context), Poll::Pending);
            history.note(step("lab-b"));
            drop(change);
            assert_eq!(undo.as_mut().poll(context), Poll::Ready(Some("Undone: Put lab-b in localStorage.".to_owned())));
        });
    }

    #[test]
    fn a_redo_asked_for_while_an_undo_is_under_way_waits_for_it() {
        Owner::new_root(None).with(|| {
            let history = History::new();
            let after = Some(Draft::new("lab-a".to_owned(), "1"));
            let step = Step {
                what: "Put lab-a in localStorage.".to_owned(),
                edits: vec![Edit { store: Store::LocalStorage, before: None, after }],
            };
            history.note(step.clone());
            let (written, writing) = oneshot::channel();
            let mut undo = pin!(take_step(history, Turn::Back, async |edits| {
                writing.await.unwrap();
                (edits, Vec::new())
            }));
            let mut redo = pin!(take_step(history, Turn::Forth, async |edits| (edits, Vec::new())));

            let context = &mut Context::from_waker(Waker::noop());
            assert_eq!(undo.as_mut().poll(context), Poll::Pending);
            assert_eq!(redo.as_mut().poll(context), Poll::Pending, "what there is to do again is not known yet");
            written.send(()).unwrap();
            assert_eq!(undo.as_mut().poll(context), Poll::Ready(Some(format!("Undone: {}", step.what))));
            assert_eq!(redo.as_mut().poll(context), Poll::Ready(Some(format!("Done again: {}", step.what))));
            assert_eq!((history.done.get_untracked(), history.undone.get_untracked()), (vec![step], Vec::new()));
        });
    }
}
