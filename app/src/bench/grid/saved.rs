//! How the rows are sorted is remembered, itself an entry of the lab: `lab-view` in localStorage.

use super::order::{By, Sort};
use crate::{
    bench::state::Bench,
    browser::{Area, Store},
};

/// The entry's name.
pub(super) const KEY: &str = "lab-view";

/// How the rows were sorted; what cannot be read is as if it were not there.
pub(super) fn restore() -> Sort {
    read(&Area::Local.get(KEY).unwrap_or_default()).unwrap_or_default()
}

/// Remembers how the rows are sorted; nothing is kept while they are in the order of their names.
pub(super) fn save(bench: Bench, sort: Sort) {
    let value = (sort != Sort::default()).then(|| write(sort));
    bench.remember_setting(KEY, value.as_deref());
}

/// `value descending local`: what, which way, and of which store.
fn write(sort: Sort) -> String {
    let way = if sort.descending { "descending" } else { "ascending" };
    format!("{} {way} {}", sort.by.slug(), sort.store.map_or("", Store::slug)).trim_end().to_owned()
}

fn read(text: &str) -> Option<Sort> {
    let mut words = text.split(' ');
    let by = By::of(words.next()?)?;
    let descending = match words.next()? {
        "ascending" => false,
        "descending" => true,
        _ => return None,
    };
    let store = match words.next() {
        Some(slug) => Some(Store::of(slug)?),
        None => None,
    };
    Some(Sort { by, store, descending })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_read_as_it_was_written() {
        for sort in [
            Sort { by: By::Name, store: None, descending: true },
            Sort { by: By::Bytes, store: Some(Store::LocalStorage), descending: false },
        ] {
            assert_eq!(read(&write(sort)), Some(sort));
        }
        assert_eq!(
            write(Sort { by: By::Value, store: Some(Store::Cookies), descending: true }),
            "value descending cookies"
        );
    }

    #[test]
    fn what_cannot_be_read_is_as_if_it_were_not_there() {
        for text in ["", "taste ascending", "bytes sideways", "bytes ascending elsewhere", r#"{"sort":{}}"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
