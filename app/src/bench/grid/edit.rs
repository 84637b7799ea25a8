//! The form inside a cell that changes its value.

use super::state::Grid;
use crate::{
    bench::history::Edit,
    browser::{Draft, Entries, Entry, Refusal, Store},
    reactive::{State, Stored},
    ui::focus,
};
use leptos::{prelude::*, task::spawn_local};
use maud::{Markup, html};
use std::sync::Arc;

/// The id of the field.
pub(super) const FIELD: &str = "edited";
const ERROR: &str = "edit-error";

/// The cell that is being edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bench) struct Edited {
    /// The key of its row.
    pub row: String,
    pub store: Store,
    /// The entry as it was when editing began.
    began: Entry,
}

/// The state of the form. It outlives the row, so that what is typed stays.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Editing {
    pub edited: State<Option<Edited>>,
    /// What is written over, knowingly: what was there when editing began, or was shown when saving was refused.
    before: Stored<Option<Draft>>,
    /// Whether the keyboard came from the value's cell, not from the button.
    from_cell: Stored<bool>,
}

impl Editing {
    pub fn new() -> Self {
        Self { edited: State::new(None), before: Stored::new(None), from_cell: Stored::new(false) }
    }

    /// Opens the form in a cell.
    pub fn open(self, store: Store, row: String, entry: &Entry, from_cell: bool) {
        self.before.set_value(Draft::of(entry));
        self.from_cell.set_value(from_cell);
        self.edited.set(Some(Edited { row, store, began: entry.clone() }));
        focus(FIELD.to_owned());
    }

    /// The entries of a store, and in its place the one that is being edited where it has gone meanwhile: what was typed
    /// stays.
    pub fn keep(self, store: Store, entries: Entries) -> Entries {
        let edited = self.edited.read();
        let Some(Edited { began, .. }) = edited.as_ref().filter(|edited| edited.store == store) else { return entries };
        if entries.iter().any(|entry| entry.name == began.name && entry.key() == began.key()) {
            return entries;
        }
        let mut kept = entries.as_ref().clone();
        kept.insert(kept.partition_point(|entry| entry.name < began.name), began.clone());
        Arc::new(kept)
    }

    /// The form, where this cell is the one.
    pub fn form(self, row: &str, store: Store) -> Option<Markup> {
        let edited = self.edited.read();
        let edited = edited.as_ref().filter(|edited| edited.store == store && edited.row == row)?;
        Some(form(&edited.began, store))
    }
}

fn form(entry: &Entry, store: Store) -> Markup {
    html! {
        form.edit novalidate {
            input id=(FIELD) aria-label=(format!("Value of {} in {}", entry.name, store.title())) aria-describedby=(ERROR)
                autocomplete="off" autocapitalize="none" spellcheck="false" value=[entry.value.as_deref()];
            button type="submit" { "Save" }
            button.quiet type="button" data-do="cancel" { "Cancel" }
            p.error id=(ERROR) role="alert" {}
        }
    }
}

/// Writes what was typed; a refusal is told below the field, and what was typed stays.
pub(super) fn save(grid: Grid, value: String) {
    let Editing { edited, before, .. } = grid.editing;
    let Some(Edited { store, began, .. }) = edited.get_untracked() else { return };
    let Some(draft) = Draft::of(&began) else { return };
    let draft = Draft { value: value.into(), ..draft };
    let what = format!("Changed {} in {}.", draft.name, store.title());
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
