//! The file: its schema, and reading one that somebody else may have written.

use crate::{
    browser::{CookieFlags, Entries, Entry, Expires, Store},
    json,
    text::units::{from_json, portable},
};
use serde::{Deserialize, Serialize};

/// Names what a file holds and how it is to be read. A change that older readers would misread gets a new number.
pub(super) const SCHEMA: &str = "storage-lab-snapshot/1";

/// All that the bench sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Snapshot {
    pub schema: String,
    /// UTC seconds.
    #[serde(default)]
    pub taken: i64,
    #[serde(default)]
    pub origin: String,
    pub stores: Vec<Shelf>,
}

/// What one store holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shelf {
    pub store: Store,
    pub entries: Vec<Record>,
}

/// One entry, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub name: String,
    #[serde(default)]
    pub value: Option<String>,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_value: Option<NoValue>,
    #[serde(default = "unknown")]
    pub expires: Expires,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A cookie's further attributes; one that is `null` is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<CookieFlags>,
    #[serde(default)]
    pub bytes: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utf16_units: Option<u32>,
    #[serde(default)]
    pub seen_by_scripts: bool,
    /// Whether it reached the server with the last request; absent for what never travels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached_server: Option<bool>,
    /// Of what another tool wrote: what cannot be kept of it here.
    #[serde(skip)]
    pub changed: Vec<String>,
}

fn unknown() -> Expires {
    Expires::Unknown
}

/// Why a value is out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum NoValue {
    /// Scripts cannot read it.
    HttpOnly,
    /// The login cookie.
    Login,
    /// Octets that are no UTF-8.
    NoText,
}

impl Record {
    fn of(entry: &Entry) -> Self {
        let no_value = match (&entry.value, entry.protected) {
            (_, true) => Some(NoValue::Login),
            (None, false) => Some(NoValue::HttpOnly),
            (Some(_), false) => (!entry.is_read_whole()).then_some(NoValue::NoText),
        };
        Self {
            name: entry.name.clone(),
            value: entry.value.as_deref().filter(|_| no_value.is_none()).map(str::to_owned),
            no_value,
            expires: entry.expires,
            path: entry.path.clone(),
            attributes: (entry.flags != CookieFlags::default()).then(|| entry.flags.clone()),
            bytes: entry.bytes,
            utf16_units: entry.units,
            seen_by_scripts: entry.seen_by_scripts,
            reached_server: entry.seen_by_server,
            changed: Vec::new(),
        }
    }

    /// A name and a value, of which nothing else is known.
    pub fn new(name: String, value: String) -> Self {
        Self {
            name,
            value: Some(value),
            no_value: None,
            expires: Expires::Unknown,
            path: None,
            attributes: None,
            bytes: 0,
            utf16_units: None,
            seen_by_scripts: false,
            reached_server: None,
            changed: Vec::new(),
        }
    }
}

impl Snapshot {
    /// What the stores hold now.
    pub fn take(stores: impl IntoIterator<Item = (Store, Entries)>, taken: i64, origin: String) -> Self {
        let shelf =
            |(store, entries): (Store, Entries)| Shelf { store, entries: entries.iter().map(Record::of).collect() };
        Self { schema: SCHEMA.to_owned(), taken, origin, stores: stores.into_iter().map(shelf).collect() }
    }

    /// As the file spells it.
    pub fn write(&self) -> String {
        portable(&serde_json::to_string_pretty(self).unwrap_or_default()).into_owned()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Why it cannot be read, in words, with the place.
    pub fn read(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Head {
            schema: Option<String>,
        }
        let text = &*from_json(text);
        let told = |error: serde_json::Error| json::told(text, &error);
        let head: Head = json::read(text).map_err(told)?;
        match head.schema.as_deref() {
            Some(SCHEMA) => json::read(text).map_err(told),
            Some(other) => Err(format!("This is “{other}”; this lab reads “{SCHEMA}”.")),
            None => Err(format!("This is JSON, but no snapshot: it has no “schema”, which should be “{SCHEMA}”.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{browser::SameSite, text::units::from_units};
    use std::sync::Arc;

    fn hidden(name: &str, protected: bool) -> Entry {
        Entry {
            value: None,
            units: None,
            seen_by_scripts: false,
            protected,
            ..Entry::new(name.into(), "", Expires::Unknown)
        }
    }

    #[test]
    fn what_is_written_is_read_back_as_it_was() {
        let flags = CookieFlags { secure: Some(true), same_site: Some(SameSite::Strict), ..CookieFlags::default() };
        let cookie = Entry {
            path: Some("/lab".into()),
            flags,
            ..Entry::new("lab-a".into(), format!("\"é\n😀{}", from_units(&[0xD83D])), Expires::At(7))
        };
        let cookies = vec![cookie, hidden("lab-b", false), hidden("__Host-session", true)];
        let local = vec![Entry::new(from_units(&[0x6C, 0xDE00, 0xDBF6, 0xDC00]), "", Expires::Never)];
        let stores = [(Store::Cookies, Arc::new(cookies)), (Store::LocalStorage, Arc::new(local))];
        let snapshot = Snapshot::take(stores, 1_795_442_700, "http://localhost:3000".into());
        assert_eq!(Snapshot::read(&snapshot.write()), Ok(snapshot.clone()));
        assert!(snapshot.write().contains(r"😀\ud83d"), "as scripts write it");

        let records = &snapshot.stores[0].entries;
        assert_eq!(records[0].value.as_deref(), Some(&*format!("\"é\n😀{}", from_units(&[0xD83D]))));
        assert_eq!((&records[1].value, records[1].no_value), (&None, Some(NoValue::HttpOnly)));
        assert_eq!((&records[2].value, records[2].no_value), (&None, Some(NoValue::Login)));
    }

    #[test]
    fn a_file_needs_no_more_than_names_and_values() {
        let text = r#"{"schema":"storage-lab-snapshot/1","later":1,"stores":[{"store":"opfs","entries":[{"name":"lab-a","value":"1"}]}]}"#;
        let snapshot = Snapshot::read(text).unwrap();
        let record = &snapshot.stores[0].entries[0];
        assert_eq!((record.value.as_deref(), record.expires), (Some("1"), Expires::Unknown));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_with_its_place() {
        let wrong = |text: &str| Snapshot::read(text).unwrap_err();
        assert_eq!(wrong("{\n  \"schema\": 1,\n}"), "Line 2, column 13: invalid type: integer `1`, expected a string.");
        assert_eq!(wrong("{\"schema\""), "Line 1, column 9: EOF while parsing an object.");
        assert!(wrong("{}").contains("no “schema”"));
        assert!(wrong(r#"{"schema":"storage-lab-snapshot/2"}"#).starts_with("This is “storage-lab-snapshot/2”"));
        let unknown_store =
            "{\"schema\":\"storage-lab-snapshot/1\",\n\"stores\":[{\"store\":\"shoe\",\"entries\":[]}]}";
        assert!(wrong(unknown_store).starts_with("Line 2, column 25: unknown variant `shoe`"));
    }
}
