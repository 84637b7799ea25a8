//! The form inside a row that changes its value.

use super::{row::VALUE, view::Column};
use crate::{
    bench::history::Edit,
    browser::{Draft, Entries, Entry, Refusal},
    ui::{aria, error_text, focus, handler},
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
    task::spawn_local,
};
use std::sync::Arc;

/// The row of one store that is being edited. It outlives the row, so that what is typed stays.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Editing {
    pub key: RwSignal<Option<String>>,
    value: RwSignal<String>,
    error: RwSignal<String>,
    /// The entry as it was when editing began.
    began: StoredValue<Option<Entry>>,
    /// What is written over, knowingly: what was there when editing began, or was shown when saving was refused.
    before: StoredValue<Option<Draft>>,
    /// Whether the keyboard came from the value's cell, not from the button.
    from_cell: StoredValue<bool>,
}

impl Editing {
    pub fn new() -> Self {
        Self {
            key: RwSignal::new(None),
            value: RwSignal::new(String::new()),
            error: RwSignal::new(String::new()),
            began: StoredValue::new(None),
            before: StoredValue::new(None),
            from_cell: StoredValue::new(false),
        }
    }

    pub fn open(self, column: Column, entry: &Entry, from_cell: bool) {
        self.value.set(entry.value.as_deref().unwrap_or_default().to_owned());
        self.error.set(String::new());
        self.began.set_value(Some(entry.clone()));
        self.before.set_value(Draft::of(entry));
        self.from_cell.set_value(from_cell);
        self.key.set(Some(entry.key()));
        focus(input_id(column));
    }

    /// The entries, and in its place the one that is being edited where it has gone meanwhile: what was typed stays.
    pub fn keep(self, entries: Entries) -> Entries {
        let Some(key) = self.key.get() else { return entries };
        let Some(began) = self.began.get_value() else { return entries };
        if entries.iter().any(|entry| entry.name == began.name && entry.key() == key) {
            return entries;
        }
        let mut kept = entries.as_ref().clone();
        kept.insert(kept.partition_point(|entry| entry.name < began.name), began);
        Arc::new(kept)
    }

    /// Takes in what is there now.
    fn saw(self, now: Option<Arc<str>>) {
        let began = self.began.with_value(|began| began.as_ref().and_then(Draft::of));
        self.before.set_value(now.and_then(|value| Some(Draft { value, ..began? })));
    }

    fn close(self, column: Column) {
        let Some(key) = self.key.get_untracked() else { return };
        self.key.set(None);
        if self.from_cell.get_value() {
            let place = column.shown.with_untracked(|shown| shown.place_of(&key)).unwrap_or(0);
            column.go((place, VALUE));
        } else {
            column.go_to_edit_button(&key);
        }
    }
}

fn input_id(column: Column) -> String {
    format!("{}-edited", column.store.slug())
}

/// The form.
pub(super) fn edit(column: Column, entry: Entry) -> AnyView {
    let Column { bench, store, editing, .. } = column;
    let Editing { value, error, .. } = editing;
    let error_id = format!("{}-edit-error", store.slug());
    let label = format!("Value of {}", entry.name);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(draft) = Draft::of(&entry) else { return };
        let draft = Draft { value: value.get_untracked().into(), ..draft };
        let key = entry.key();
        let before = editing.before.get_value();
        spawn_local(async move {
            let what = format!("Changed {} in {}.", draft.name, store.title());
            match bench.put_over(what, Edit { store, before, after: Some(draft) }).await {
                Ok(()) => {
                    if editing.key.get_untracked() == Some(key) {
                        editing.close(column);
                    }
                }
                Err(refusal) => {
                    if let Refusal::Changed(now, _) = &refusal {
                        editing.saw(now.clone());
                    }
                    error.set(refusal.explain_to_editor());
                }
            }
        });
    };
    let cancel_by_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            editing.close(column);
        }
    };
    view! {
        <form class="edit" on:submit=handler(save) on:keydown=handler(cancel_by_key) novalidate>
            <input
                id=input_id(column)
                aria-label=label
                aria-invalid=aria(move || !error.read().is_empty())
                aria-describedby=error_id.clone()
                autocomplete="off"
                spellcheck="false"
                bind:value=value
            />
            <button type="submit">"Save"</button>
            <button type="button" class="quiet" on:click=handler(move |_| editing.close(column))>
                "Cancel"
            </button>
            {error_text(error_id, error.into())}
        </form>
    }
    .into_any()
}
