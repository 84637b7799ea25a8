//! Edits done one after the other, each over nothing but what it began with.

use crate::{
    AppError,
    bench::{history::Edit, state::Bench},
    browser::{Draft, Refusal, Store, Who, Yielder, cookies, optional::Trouble, stores},
    sessions::observe,
};
use std::sync::Arc;

/// More edits of one store than this are announced to the journal as one.
const ANNOUNCED_ONE_BY_ONE: usize = 50;

/// What was done, and what was refused.
pub(super) type Applied = (Vec<Edit>, Vec<(Edit, Refusal)>);

/// Does edits in their order, then looks again; returns what was done and what was refused.
pub(super) async fn apply(bench: Bench, edits: Vec<Edit>) -> Applied {
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    let mut touched: Vec<(Store, Vec<String>)> = Vec::new();
    for edit in &edits {
        match touched.iter_mut().find(|(store, _)| *store == edit.store) {
            Some((_, names)) => names.push(edit.name().to_owned()),
            None => touched.push((edit.store, vec![edit.name().to_owned()])),
        }
    }
    for (store, names) in &touched {
        match names.as_slice() {
            names if names.len() > ANNOUNCED_ONE_BY_ONE => bench.announce(*store, None, Who::ThisTab),
            names => names.iter().for_each(|name| bench.announce(*store, Some(name), Who::ThisTab)),
        }
    }
    let mut yielder = Yielder::begin();
    for edit in edits {
        match write(bench, &edit).await {
            Ok(()) => {
                if let (Store::Cookies, Some(after)) = (edit.store, &edit.after) {
                    bench.made(after.clone());
                }
                done.push(edit);
            }
            Err(refusal) => refused.push((edit, refusal)),
        }
        yielder.pause().await;
    }
    for (store, names) in touched {
        match bench.area(store) {
            // Where something was refused, the area may hold what nobody has told this page of.
            Some(area) if refused.is_empty() => {
                area.reread(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
            }
            _ => bench.look_again(store).await,
        }
    }
    let needs_session = |edit: &mut Edit| edit.store == Store::ServerSession && edit.after.is_some();
    if done.iter_mut().any(needs_session) && session_is_lost(bench).await {
        refused.extend(done.extract_if(.., needs_session).map(|edit| (edit, Refusal::SessionDropped)));
    }
    (done, refused)
}

/// Whether there is no session although the server has just put something into one.
async fn session_is_lost(bench: Bench) -> bool {
    bench.observed.with_untracked(|seen| seen.session.is_none())
        && observe().await.is_ok_and(|seen| seen.session.is_none())
}

/// Writes, but only over what the edit began with. Between the look and the writing no other tab comes.
async fn write(bench: Bench, edit: &Edit) -> Result<(), Refusal> {
    let Edit { store, before, after } = edit;
    let now = match store {
        Store::Cookies => {
            bench.script_cookies.with_untracked(|known| cookies::changed(known, edit.name(), before.as_ref()))
        }
        _ => stores::changed(*store, edit.name(), before.as_ref()),
    };
    match now {
        // What was to be deleted is gone already.
        Some(None) if after.is_none() => return Ok(()),
        Some(now) => return Err(changed_meanwhile(bench, edit, now)),
        None => {}
    }
    match stores::write_here(*store, before.as_ref(), after.as_ref()).await {
        Err(Refusal::Server(AppError::Changed)) => {
            bench.ask_server().await;
            let now = bench.kept(*store, &Draft::new(edit.name().to_owned(), ""));
            Err(changed_meanwhile(bench, edit, now.map(|draft| draft.value)))
        }
        Err(Refusal::Trouble(Trouble::Changed(now))) => Err(changed_meanwhile(bench, edit, now)),
        outcome => outcome,
    }
}

fn changed_meanwhile(bench: Bench, edit: &Edit, now: Option<Arc<str>>) -> Refusal {
    Refusal::Changed(now, bench.journal.last_maker(edit.store, edit.name()))
}
