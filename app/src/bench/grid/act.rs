//! How what a button or a key of the table asks for is done.

use super::{
    action::Action,
    allowed::{can_delete, can_delete_any, can_edit, can_put},
    edit,
    order::{By, Sort},
    rows::Row,
    state::{Grid, Shown},
};
use crate::{
    bench::{cookies::CookieForm, history::Edit},
    browser::{Draft, Entry, Store},
    text::told,
    words::thousands,
};
use leptos::task::spawn_local;

/// Does what was asked for.
pub(super) fn act(grid: Grid, action: Action) {
    let bench = grid.bench;
    match action {
        Action::Edit { key, store, from_cell } => grid.with_row(&key, |row| match row.entry(store) {
            Some(entry) if can_edit(entry) => grid.editing.open(store, row.key(), entry, from_cell),
            Some(entry) => bench.status.set(format!("{} cannot be edited here.", told(&entry.name))),
            None if can_put(row) => put(grid, row, vec![store]),
            None => {}
        }),
        Action::Put { key, store } => grid.with_row(&key, |row| {
            let stores = store.map_or_else(|| row.missing().collect(), |store| vec![store]);
            put(grid, row, stores);
        }),
        Action::Delete { key, store } => grid.with_row(&key, |row| {
            let entries = of(row, store);
            if entries.is_empty() {
                return bench.status.set(format!("{} cannot be deleted here.", told(row.name())));
            }
            let place = store.map_or("everywhere".to_owned(), |store| format!("from {}", store.title()));
            delete(grid, format!("Deleted {} {place}.", told(row.name())), entries, false);
        }),
        Action::DeleteSelected => {
            let (names, entries) = grid.ticked_entries();
            let names = if names == 1 { "1 name".to_owned() } else { format!("{} names", thousands(names as u64)) };
            delete(grid, format!("Deleted {names} everywhere."), entries, true);
        }
        Action::Save { value, escapes } => edit::save(grid, value, escapes),
        Action::Cancel => edit::close(grid),
        Action::Sort(store) => {
            let sort = grid.sort.get_untracked();
            let by = if sort.by == By::Name { By::Value } else { sort.by };
            grid.sort(Sort { by, store: Some(store), ..sort });
        }
        Action::Clear(store) => {
            let entries = bench.lab_entries(store);
            let count = match entries.as_slice() {
                [entry] => told(&entry.name),
                entries => format!("{} entries", thousands(entries.len() as u64)),
            };
            let entries = entries.into_iter().map(|entry| (store, entry)).collect();
            delete(grid, format!("Deleted {count} from {}.", store.title()), entries, false);
        }
        Action::Measure => grid.panels.measure_limits(),
        Action::CookieForm => grid.panels.cookie_form.set(Some(CookieForm::Empty)),
    }
}

/// What of a row may be deleted: everywhere, or from one store.
fn of(row: Row, store: Option<Store>) -> Vec<(Store, Entry)> {
    let asked = row.entries().filter(|(other, _)| store.is_none_or(|store| store == *other));
    asked.filter(|(store, entry)| can_delete(*store, entry)).map(|(store, entry)| (store, entry.clone())).collect()
}

/// Puts a row's usual value into stores.
fn put(grid: Grid, row: Row, stores: Vec<Store>) {
    let bench = grid.bench;
    let Some(value) = row.usual() else { return };
    let draft = Draft::new(row.name().to_owned(), value.clone());
    let edits: Vec<Edit> = stores.iter().map(|store| bench.putting(*store, draft.clone())).collect();
    let place = match stores.as_slice() {
        [store] => store.title().to_owned(),
        stores => format!("{} stores", stores.len()),
    };
    spawn_local(async move {
        let refused = bench.act(format!("Put {} in {place}.", told(&draft.name)), edits).await;
        if !refused.is_empty() {
            let reasons =
                refused.iter().map(|(edit, refusal)| format!("{}: {}", edit.store.title(), refusal.explain()));
            bench.status.set(reasons.collect::<Vec<_>>().join(" "));
        }
        grid.go_on(false);
    });
}

/// Deletes entries as one step and goes on in their place.
fn delete(grid: Grid, what: String, entries: Vec<(Store, Entry)>, always_go_on: bool) {
    grid.selected.update(|keys| keys.clear());
    spawn_local(async move {
        grid.bench.delete(what, entries).await;
        grid.go_on(always_go_on);
    });
}

impl Grid {
    /// Ticks a row or takes its tick back; with `range` all from the last one to this.
    pub fn tick(self, place: usize, range: bool) {
        let anchor = self.anchor.get_value();
        let on = !self.is_ticked(place);
        if range {
            self.tick_rows(anchor.min(place), anchor.max(place), on);
        } else {
            self.anchor.set_value(place);
            self.tick_rows(place, place, on);
        }
    }

    /// Ticks the rows from one to another, both included, or takes their ticks back.
    pub fn tick_rows(self, from: usize, to: usize, on: bool) {
        self.shown.with_untracked(|shown| {
            self.selected.update(|keys| {
                for row in (from..=to).filter_map(|place| shown.get(place)) {
                    match on && can_delete_any(row) {
                        true => keys.insert(row.key()),
                        false => keys.remove(&row.key()),
                    };
                }
            });
        });
    }

    /// Whether a row is ticked.
    pub fn is_ticked(self, place: usize) -> bool {
        let key = self.shown.with_untracked(|shown| shown.get(place).map(Row::key));
        key.is_some_and(|key| self.selected.with_untracked(|keys| keys.contains(&key)))
    }

    /// How many of the rows that are shown are ticked.
    pub fn ticked(self) -> usize {
        self.selected.with(|keys| match keys.is_empty() {
            true => 0,
            false => self.shown.with(|shown| shown.iter().filter(|row| keys.contains(&row.key())).count()),
        })
    }

    /// How many of the rows that are shown can be ticked.
    pub fn can_tick(self) -> usize {
        self.shown.with(|shown| shown.iter().filter(|row| can_delete_any(*row)).count())
    }

    /// How many names are ticked among the rows that are shown, and what of them may be deleted.
    fn ticked_entries(self) -> (usize, Vec<(Store, Entry)>) {
        let keys = self.selected.get_untracked();
        self.shown.with_untracked(|shown: &Shown| {
            let ticked: Vec<Row> = shown.iter().filter(|row| keys.contains(&row.key())).collect();
            (ticked.len(), ticked.into_iter().flat_map(|row| of(row, None)).collect())
        })
    }
}
