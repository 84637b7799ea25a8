//! What a visitor does to the stores: edits, and steps of them that are taken back and done again. What writes comes with
//! the chunk `edit`: whoever only looks does not pay for it.

mod apply;
mod deposit;
mod undo;

pub(super) use self::deposit::{Deposit, Refused};
use self::{apply::Applied, undo::Turn};
use super::{
    history::{Edit, Step},
    state::Bench,
};
use crate::{
    browser::{Draft, Entry, NO_NAME, Refusal, Store, optional::Trouble},
    text::told,
};
use futures::future::LocalBoxFuture;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

/// What comes with the chunk.
#[derive(Clone, Copy)]
struct Editing {
    apply: fn(Bench, Vec<Edit>) -> LocalBoxFuture<'static, Applied>,
    turn: fn(Bench, Turn) -> LocalBoxFuture<'static, ()>,
    deposit: fn(Bench, Deposit) -> LocalBoxFuture<'static, ()>,
}

#[wasm_split(edit, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
pub(super) fn editing() -> Result<Editing, SplitLoaderError> {
    Ok(Editing {
        apply: |bench, edits| Box::pin(apply::apply(bench, edits)),
        turn: |bench, turn| Box::pin(undo::take(bench, turn)),
        deposit: |bench, form| Box::pin(deposit::put(bench, form)),
    })
}

impl Bench {
    /// Does edits that belong together, as one step that can be undone; returns what was refused.
    pub async fn act(self, what: String, edits: Vec<Edit>) -> Vec<(Edit, Refusal)> {
        let _under_way = self.history.begin();
        let (done, refused) = self.apply(edits).await;
        if refused.is_empty() {
            self.status.set(what.clone());
        }
        self.history.note(Step { what, edits: done });
        refused
    }

    /// Does edits in their order, then looks again; returns what was done and what was refused.
    pub async fn apply(self, edits: Vec<Edit>) -> Applied {
        match editing().await {
            Ok(editing) => (editing.apply)(self, edits).await,
            Err(_) => {
                let refusal = Refusal::Trouble(Trouble::NotFetched);
                (Vec::new(), edits.into_iter().map(|edit| (edit, refusal.clone())).collect())
            }
        }
    }

    /// Puts what the form holds into every store that is shown.
    pub async fn deposit(self, form: Deposit) {
        let name = form.full_name();
        // Whether a name was given is known without what writes.
        let (about_name, words) = if name.is_empty() {
            (true, NO_NAME)
        } else {
            match editing().await {
                Ok(editing) => return (editing.deposit)(self, form).await,
                Err(_) => {
                    self.status.set(format!("No store took {}.", told(&name)));
                    (false, NOT_FETCHED)
                }
            }
        };
        form.refused.set(vec![Refused { about_name, words: words.to_owned() }]);
    }

    /// Puts a draft into a store as a step of its own.
    pub async fn put(self, what: String, store: Store, draft: Draft) -> Result<(), Refusal> {
        let edit = self.putting(store, draft);
        self.put_over(what, edit).await
    }

    /// Does one edit as a step of its own; it writes only over what it began with.
    pub async fn put_over(self, what: String, edit: Edit) -> Result<(), Refusal> {
        self.act(what, vec![edit]).await.pop().map_or(Ok(()), |(_, refusal)| Err(refusal))
    }

    /// Deletes entries as one step; a refusal is told in the status line.
    pub async fn delete(self, what: String, entries: Vec<(Store, Entry)>) {
        let edits: Vec<Edit> =
            entries.iter().flat_map(|(store, entry)| self.deleting(*store, std::slice::from_ref(entry))).collect();
        let for_good = edits.iter().any(|edit| edit.before.as_ref().is_some_and(|before| before.unseen));
        let warning = if for_good { " What scripts cannot read cannot be put back." } else { "" };
        let refused = self.act(format!("{what}{warning}"), edits).await;
        if let Some((_, refusal)) = refused.first() {
            self.status.set(refusal.explain());
        }
    }

    /// Takes the last step back.
    pub async fn undo(self) {
        self.turn(Turn::Back).await;
    }

    /// Does the step that was taken back last once more.
    pub async fn redo(self) {
        self.turn(Turn::Forth).await;
    }

    async fn turn(self, turn: Turn) {
        match editing().await {
            Ok(editing) => (editing.turn)(self, turn).await,
            Err(_) => self.status.set(NOT_FETCHED.to_owned()),
        }
    }
}

/// Where a chunk does not come.
pub(super) const NOT_FETCHED: &str = "A part of the page could not be fetched. Check the connection and try again.";
