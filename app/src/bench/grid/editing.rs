//! The form inside a cell that changes its value.

use crate::{
    browser::{Draft, Entries, Entry, Store},
    reactive::{State, Stored},
    text::{Within, escaped, has_escapes, label},
    ui::focus,
};
use maud::{Markup, html};
use std::sync::Arc;

/// The id of the field.
pub(super) const FIELD: &str = "edited";
/// The id of the box that says whether the field is spelled with escapes.
pub(super) const ESCAPES: &str = "edit-escapes";
/// The id of the line that tells why saving was refused.
pub(super) const ERROR: &str = "edit-error";

/// The cell that is being edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bench) struct Edited {
    /// The key of its row.
    pub row: String,
    pub store: Store,
    /// The entry as it was when editing began.
    pub began: Entry,
}

/// The state of the form. It outlives the row, so that what is typed stays.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Editing {
    pub edited: State<Option<Edited>>,
    /// What is written over, knowingly: what was there when editing began, or was shown when saving was refused.
    pub before: Stored<Option<Draft>>,
    /// Whether the keyboard came from the value's cell, not from the button.
    pub from_cell: Stored<bool>,
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

/// A field has one line and shows no lone surrogate: a value with such characters is spelled with escapes.
fn form(entry: &Entry, store: Store) -> Markup {
    let value = entry.value.as_deref().unwrap_or_default();
    let escapes = has_escapes(value, Within::Line);
    let shown = if escapes { escaped(value) } else { value.into() };
    html! {
        form.edit novalidate {
            input id=(FIELD) aria-label=(format!("Value of {} in {}", label(&entry.name), store.title()))
                aria-describedby=(ERROR) autocomplete="off" autocapitalize="none" spellcheck="false" value=(shown);
            button type="submit" { "Save" }
            button.quiet type="button" data-do="cancel" { "Cancel" }
            label { input type="checkbox" id=(ESCAPES) checked[escapes]; "With escapes, such as \\n" }
            p.error id=(ERROR) role="alert" {}
        }
    }
}
