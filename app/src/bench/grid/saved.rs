//! How the columns are sorted is remembered, itself an entry of the lab: `lab-view` in localStorage.

use super::{
    order::{By, Sort},
    view::{View, area},
};
use crate::{
    browser::{Store, Who},
    json,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The entry's name.
pub(super) const KEY: &str = "lab-view";

/// `{"sort":{"local":{"by":"bytes","descending":true}}}`
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Saved {
    sort: BTreeMap<String, SavedSort>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SavedSort {
    by: String,
    descending: bool,
}

/// Sorts the columns as they were; what cannot be read is as if it were not there.
pub(super) fn restore(view: View) {
    let text = area().and_then(|area| area.get_item(KEY).ok().flatten()).unwrap_or_default();
    for (store, sort) in read(&text) {
        view.column(store).sort.set(sort);
    }
}

/// Remembers how the columns are sorted; nothing is kept while all are in their own order.
pub(super) fn save(view: View) {
    let sorts = Store::ALL.map(|store| (store, view.column(store).sort.get_untracked()));
    let Some(area) = area() else { return };
    view.bench.journal.announce(Store::LocalStorage, Some(KEY), Who::ThisTab);
    // An area that is full or denied forgets the order with the page; the page itself is sorted all the same.
    let _ = match write(&sorts) {
        Some(text) => area.set_item(KEY, &text),
        None => area.remove_item(KEY),
    };
    view.bench.changed_key(Store::LocalStorage, Some(KEY.to_owned()));
}

fn read(text: &str) -> Vec<(Store, Sort)> {
    let saved: Saved = json::read(text).unwrap_or_default();
    let of = |store: Store| {
        let SavedSort { by, descending } = saved.sort.get(store.slug())?;
        Some((store, Sort { by: By::of(by)?, descending: *descending }))
    };
    Store::ALL.into_iter().filter_map(of).collect()
}

fn write(sorts: &[(Store, Sort)]) -> Option<String> {
    let sorted = sorts.iter().filter(|(_, sort)| *sort != Sort::default());
    let saved = |(store, sort): &(Store, Sort)| {
        (store.slug().to_owned(), SavedSort { by: sort.by.slug().to_owned(), descending: sort.descending })
    };
    let sort: BTreeMap<_, _> = sorted.map(saved).collect();
    if sort.is_empty() { None } else { serde_json::to_string(&Saved { sort }).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_read_as_it_was_written() {
        let sorts = [
            (Store::Cookies, Sort { by: By::Own, descending: true }),
            (Store::LocalStorage, Sort { by: By::Bytes, descending: false }),
        ];
        assert_eq!(read(&write(&sorts).unwrap()), sorts);
        assert_eq!(write(&[(Store::Cookies, Sort::default())]), None);
    }

    #[test]
    fn what_cannot_be_read_is_as_if_it_were_not_there() {
        assert_eq!(read("no JSON"), []);
        assert_eq!(
            read(r#"{"sort":{"local":{"by":"taste","descending":true},"elsewhere":{"by":"name","descending":true}}}"#),
            []
        );
    }
}
