//! The rows of the table: one for each name, with what each store holds under it. Several cookies of one name have rows
//! below each other.

use crate::{
    browser::{Entries, Entry, Store},
    text::{escaped, label},
};
use std::sync::Arc;

/// Stands for an empty cell.
const NONE: u32 = u32::MAX;

/// What the stores hold, joined by name and in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::bench) struct Rows {
    columns: Vec<(Store, Entries)>,
    /// For each row its number among those of its name, then for each column the place of an entry or [`NONE`].
    cells: Vec<u32>,
}

impl Rows {
    /// Joins what the stores hold.
    pub fn join(columns: Vec<(Store, Entries)>) -> Self {
        let orders: Vec<Vec<u32>> = columns.iter().map(|(_, entries)| by_name(entries)).collect();
        let name = |column: usize, at: usize| {
            orders[column].get(at).map(|place| columns[column].1[*place as usize].name.as_str())
        };
        let mut at = vec![0; columns.len()];
        let mut cells = Vec::new();
        while let Some(next) = (0..columns.len()).filter_map(|column| name(column, at[column])).min() {
            let runs: Vec<usize> = (0..columns.len())
                .map(|column| (at[column]..).take_while(|place| name(column, *place) == Some(next)).count())
                .collect();
            for number in 0..runs.iter().copied().max().unwrap_or(0) {
                cells.push(number as u32);
                for column in 0..columns.len() {
                    let is_there = number < runs[column];
                    cells.push(if is_there { orders[column][at[column] + number] } else { NONE });
                }
            }
            for (at, run) in at.iter_mut().zip(runs) {
                *at += run;
            }
        }
        Self { columns, cells }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.cells.len() / (self.columns.len() + 1)
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len() as u32).map(|place| self.row(place))
    }

    /// The stores in the order of their columns.
    pub fn stores(&self) -> impl Iterator<Item = Store> {
        self.columns.iter().map(|(store, _)| *store)
    }

    pub fn row(&self, place: u32) -> Row<'_> {
        Row { rows: self, at: place as usize * (self.columns.len() + 1) }
    }
}

/// The places of entries in the order of their names.
fn by_name(entries: &[Entry]) -> Vec<u32> {
    let mut places: Vec<u32> = (0..u32::try_from(entries.len()).unwrap_or(NONE)).collect();
    if !entries.is_sorted_by(|a, b| a.name <= b.name) {
        places.sort_by(|a, b| entries[*a as usize].name.cmp(&entries[*b as usize].name));
    }
    places
}

/// One row.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Row<'a> {
    rows: &'a Rows,
    at: usize,
}

impl<'a> Row<'a> {
    /// Its number among the rows of its name; 0 is the one that has every store.
    pub fn number(self) -> u32 {
        self.rows.cells[self.at]
    }

    /// Each store with its entry, where it has one.
    pub fn cells(self) -> impl Iterator<Item = (Store, Option<&'a Entry>)> {
        let cells = &self.rows.cells[self.at + 1..];
        self.rows.columns.iter().zip(cells).map(|((store, entries), place)| (*store, entries.get(*place as usize)))
    }

    /// The entries that are there.
    pub fn entries(self) -> impl Iterator<Item = (Store, &'a Entry)> {
        self.cells().filter_map(|(store, entry)| Some((store, entry?)))
    }

    /// What a store holds.
    pub fn entry(self, store: Store) -> Option<&'a Entry> {
        self.cells().find(|(other, _)| *other == store)?.1
    }

    pub fn name(self) -> &'a str {
        self.entries().next().map_or("", |(_, entry)| &entry.name)
    }

    /// The name as labels have it, and for the further rows of one name what tells their cookies apart.
    pub fn title(self) -> String {
        label(self.name()).into_owned() + &self.distinction()
    }

    /// What tells the further rows of one name apart.
    pub fn distinction(self) -> String {
        let mut told = String::new();
        let Some((_, entry)) = self.entries().next().filter(|_| self.number() > 0) else { return told };
        if let Some(path) = &entry.path {
            told += &format!(", path {}", escaped(path));
        }
        if let Some(domain) = &entry.flags.domain {
            told += &format!(", domain {domain}");
        }
        if entry.flags.partitioned == Some(true) {
            told += ", partitioned";
        }
        if told.is_empty() {
            told = format!(" ({})", self.number() + 1);
        }
        told
    }

    /// What tells it from the other rows; as an attribute of HTML it is read back as it is.
    pub fn key(self) -> String {
        format!("{} {}", self.number(), escaped(self.name()))
    }

    /// The value that most stores hold, of the first store in doubt; `None` where no value is known.
    pub fn usual(self) -> Option<&'a Arc<str>> {
        let values: Vec<_> = self.entries().filter_map(|(_, entry)| entry.value.as_ref()).collect();
        let count = |value: &Arc<str>| values.iter().filter(|other| **other == value).count();
        // The last of the largest is taken: so the first when they are looked at backwards.
        values.iter().rev().copied().max_by_key(|value| count(value))
    }

    /// Whether two of its values that are known are not the same.
    pub fn differs(self) -> bool {
        let mut values = self.entries().filter_map(|(_, entry)| entry.value.as_deref());
        let first = values.next();
        values.any(|value| Some(value) != first)
    }

    /// The stores that lack the entry. The further rows of a name lack nothing: they are cookies of their own.
    pub fn missing(self) -> impl Iterator<Item = Store> {
        self.cells().filter(move |(_, entry)| self.number() == 0 && entry.is_none()).map(|(store, _)| store)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Expires;

    fn entry(name: &str, value: &str) -> Entry {
        Entry::new(name.into(), value, Expires::Never)
    }

    fn of(lists: [Vec<Entry>; 3]) -> Rows {
        let stores = [Store::Cookies, Store::SessionStorage, Store::LocalStorage];
        Rows::join(stores.into_iter().zip(lists.map(Arc::new)).collect())
    }

    #[test]
    fn each_name_has_one_row_with_what_every_store_holds() {
        let rows = of([vec![entry("b", "1")], vec![entry("a", "2"), entry("b", "3")], vec![]]);
        let values = |row: Row| -> Vec<Option<String>> {
            row.cells().map(|(_, entry)| Some(entry?.value.as_deref()?.to_owned())).collect()
        };
        assert_eq!(rows.iter().map(Row::name).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(values(rows.row(0)), [None, Some("2".into()), None]);
        assert_eq!(values(rows.row(1)), [Some("1".into()), Some("3".into()), None]);
        assert_eq!(rows.row(1).missing().collect::<Vec<_>>(), [Store::LocalStorage]);
    }

    #[test]
    fn stores_that_list_their_entries_in_another_order_are_joined_all_the_same() {
        let rows =
            of([vec![entry("c", ""), entry("a", "")], vec![entry("b", "")], vec![entry("a", ""), entry("c", "")]]);
        assert_eq!(rows.iter().map(Row::key).collect::<Vec<_>>(), ["0 a", "0 b", "0 c"]);
        assert!(rows.row(0).entry(Store::Cookies).is_some_and(|entry| entry.name == "a"));
    }

    #[test]
    fn names_that_do_not_show_have_titles_and_keys_that_do() {
        let rows = of([vec![], vec![], vec![entry("", ""), entry("a\r", ""), entry("a\u{202E}", "")]]);
        assert_eq!(rows.iter().map(Row::title).collect::<Vec<_>>(), ["(empty name)", r"a\r", r"a\u202e"]);
        assert_eq!(rows.iter().map(Row::key).collect::<Vec<_>>(), ["0 ", r"0 a\r", r"0 a\u202e"]);
    }

    #[test]
    fn cookies_of_one_name_have_rows_below_each_other() {
        let at = |path: &str| Entry { path: Some(path.into()), ..entry("a", path) };
        let rows = of([vec![at("/"), at("/lab")], vec![entry("a", "/")], vec![]]);
        assert_eq!(rows.iter().map(Row::title).collect::<Vec<_>>(), ["a", "a, path /lab"]);
        assert!(rows.row(1).entry(Store::SessionStorage).is_none());
        assert_eq!(rows.row(1).missing().count(), 0);
    }

    #[test]
    fn values_that_are_not_the_same_are_told_from_the_one_that_most_stores_hold() {
        let rows = of([vec![entry("a", "x")], vec![entry("a", "y")], vec![entry("a", "y")]]);
        assert!(rows.row(0).differs());
        assert_eq!(rows.row(0).usual().map(|value| &**value), Some("y"));
        let masked = Entry { value: None, ..entry("a", "") };
        let rows = of([vec![masked], vec![entry("a", "y")], vec![entry("a", "y")]]);
        assert!(!rows.row(0).differs(), "a value that nobody can read differs from nothing");
        let rows = of([vec![entry("a", "x")], vec![entry("a", "y")], vec![]]);
        assert_eq!(rows.row(0).usual().map(|value| &**value), Some("x"), "the first in doubt");
    }
}
