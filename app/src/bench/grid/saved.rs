//! How the columns are sorted is remembered, itself an entry of the lab: `lab-view` in localStorage.

use super::{
    order::{By, Sort},
    view::View,
};
use crate::{
    browser::{Area, Store},
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
    let text = Area::Local.get(KEY).unwrap_or_default();
    for (store, sort) in read(&text) {
        view.column(store).sort.set(sort);
    }
}

/// Remembers how the columns are sorted; nothing is kept while all are in their own order.
pub(super) fn save(view: View) {
    let sorts = Store::ALL.map(|store| (store, view.column(store).sort.get_untracked()));
    view.bench.remember_setting(KEY, write(&sorts).as_deref());
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
