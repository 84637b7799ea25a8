//! What becomes of the form inside a cell: it is saved, or closed.

use super::{
    editing::{ERROR, Edited, Editing, FIELD},
    state::Grid,
};
use crate::{
    bench::history::Edit,
    browser::{Draft, Refusal},
    text::{told, unescaped},
};
use leptos::{prelude::*, task::spawn_local};

/// Writes what was typed; a refusal is told below the field, and what was typed stays.
pub(super) fn save(grid: Grid, typed: String, escapes: bool) {
    let Editing { edited, before, .. } = grid.editing;
    let Some(Edited { store, began, .. }) = edited.get_untracked() else { return };
    let Some(draft) = Draft::of(&began) else { return };
    let value = match escapes {
        true => unescaped(&typed),
        false => Ok(typed),
    };
    let value = match value {
        Ok(value) => value,
        Err(error) => return tell(&error),
    };
    let draft = Draft { value: value.into(), ..draft };
    let what = format!("Changed {} in {}.", told(&draft.name), store.title());
    let key = began.key();
    let edit = Edit { store, before: before.get_value(), after: Some(draft) };
    spawn_local(async move {
        let is_still_open = || edited.with_untracked(|now| now.as_ref().is_some_and(|now| now.began.key() == key));
        match grid.bench.put_over(what, edit).await {
            Ok(()) if is_still_open() => close(grid),
            Ok(()) => {}
            Err(refusal) => {
                if let Refusal::Changed(now, _) = &refusal {
                    before.set_value(now.clone().and_then(|value| Some(Draft { value, ..Draft::of(&began)? })));
                }
                tell(&refusal.explain_to_editor());
            }
        }
    });
}

fn tell(error: &str) {
    let document = document();
    if let Some(line) = document.get_element_by_id(ERROR) {
        line.set_text_content(Some(error));
    }
    if let Some(field) = document.get_element_by_id(FIELD) {
        let _ = field.set_attribute("aria-invalid", "true");
    }
}

/// Closes the form and gives the focus back to where it was opened from.
pub(super) fn close(grid: Grid) {
    let Editing { edited, from_cell, .. } = grid.editing;
    let Some(Edited { row, store, .. }) = edited.get_untracked() else { return };
    edited.set(None);
    let place = grid.shown.with_untracked(|shown| shown.place_of(&row)).unwrap_or(0);
    let stores = untrack(|| grid.stores());
    let cell = stores.iter().position(|other| *other == store).map_or(0, |at| at + 1);
    match from_cell.get_value() {
        true => grid.go((place, cell)),
        false => {
            grid.active.set((place, cell));
            // The button is there once the form has gone.
            request_animation_frame(move || grid.go_into((place, cell)));
        }
    }
}
