//! What other tools write, read as a snapshot: lists of cookies, cookie files, header lines, dumps of localStorage. What this
//! page cannot keep of an entry is told with it, before anything is written.

mod cookie;
mod devtools;
mod document;
mod lines;
mod netscape;
mod text;

pub(super) use text::text_of;

use super::file::{Record, SCHEMA, Shelf, Snapshot};
use crate::{
    browser::{Store, cookies::Prefix, is_lab_name},
    text::{told as text_told, units::from_json},
};

/// The page that reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Here {
    pub host: String,
    pub origin: String,
    /// UTC seconds.
    pub now: i64,
}

/// What a text was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// The form in words, where it is not a snapshot of the lab's own.
    pub form: Option<&'static str>,
    pub snapshot: Snapshot,
    /// What is to be known of the whole.
    pub notes: Vec<String>,
}

/// The forms that are read, for whoever brings another.
const FORMS: &str = "What can be read: a snapshot of this lab, a list of cookies as Cookie-Editor or EditThisCookie export it, a \
    cookies.txt, rows of the browser’s own tools, Playwright’s storageState, a HAR file, a Cookie or Set-Cookie line, document.cookie, a curl command with cookies, \
    and localStorage as a JSON object.";

/// Reads a text in whatever form it is.
///
/// # Errors
/// Why it cannot be read, in words, where possible with the place.
pub(super) fn read(text: &str, here: &Here) -> Result<Import, String> {
    // Places are told by lines and columns, so that nothing but the mark is cut off before JSON.
    let whole = text.trim_start_matches('\u{feff}');
    let text = whole.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    match text.as_bytes().first() {
        None => Err("There is nothing to read: choose a file, or paste a snapshot.".to_owned()),
        Some(b'{' | b'[' | b'"') => document::read(&from_json(whole), here),
        Some(b'<') => Err(format!("This is a page or another document with tags. {FORMS}")),
        Some(_) => netscape::read(text, here)
            .or_else(|| devtools::read(text, here))
            .or_else(|| lines::read(text, here))
            .ok_or_else(|| format!("This is of no form that is known here. {FORMS}")),
    }
}

impl Import {
    fn foreign(form: &'static str, here: &Here, shelves: impl IntoIterator<Item = (Store, Vec<Record>)>) -> Self {
        let filled = shelves.into_iter().filter(|(_, entries)| !entries.is_empty());
        let stores = filled.map(|(store, entries)| Shelf { store, entries }).collect();
        let snapshot = Snapshot { schema: SCHEMA.to_owned(), taken: here.now, origin: here.origin.clone(), stores };
        Self { form: Some(form), snapshot, notes: Vec::new() }
    }

    /// Whether an entry of another name would be put if it had one of the lab's.
    pub fn has_other_names(&self) -> bool {
        self.snapshot.stores.iter().flat_map(|shelf| &shelf.entries).any(is_other)
    }

    /// The same with `lab-` before each other name; a prefix that browsers know stays in front.
    pub fn under_lab_names(&self) -> Snapshot {
        let mut snapshot = self.snapshot.clone();
        for record in snapshot.stores.iter_mut().flat_map(|shelf| &mut shelf.entries).filter(|record| is_other(record))
        {
            record.changed.push(format!("it was named {}", text_told(&record.name)));
            let (prefix, rest) = record.name.split_at(Prefix::of(&record.name).text().len());
            record.name = format!("{prefix}lab-{rest}");
        }
        snapshot
    }
}

fn is_other(record: &Record) -> bool {
    record.value.is_some() && !record.name.is_empty() && !is_lab_name(&record.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(super) fn here() -> Here {
        Here { host: "lab.example".into(), origin: "https://lab.example".into(), now: 1_795_579_200 }
    }

    /// What is read: the form, and a line for each entry.
    pub(super) fn told(text: &str) -> (&'static str, Vec<String>) {
        let import = read(text, &here()).unwrap();
        let lines = import.snapshot.stores.iter().flat_map(|shelf| {
            shelf.entries.iter().map(|record| {
                let changed =
                    if record.changed.is_empty() { String::new() } else { format!(" ({})", record.changed.join("; ")) };
                format!(
                    "{} {}={}{changed}",
                    shelf.store.title(),
                    record.name,
                    record.value.as_deref().unwrap_or_default()
                )
            })
        });
        (import.form.unwrap_or("snapshot"), lines.collect())
    }

    #[test]
    fn names_of_others_get_the_lab_s_before_them_on_request() {
        let import = read("theme=dark; __Host-id=7; lab-a=1", &here()).unwrap();
        assert!(import.has_other_names());
        let renamed = import.under_lab_names();
        let names: Vec<_> = renamed.stores[0].entries.iter().map(|record| record.name.as_str()).collect();
        assert_eq!(names, ["lab-theme", "__Host-lab-id", "lab-a"]);
        assert_eq!(renamed.stores[0].entries[0].changed, ["it was named theme"]);
        assert!(!read("lab-a=1", &here()).unwrap().has_other_names());
    }

    proptest! {
        #[test]
        fn no_text_stops_it(
            odd in any::<String>(),
            like_lines in r#"(curl |cookie:|set-cookie:|document\.cookie = )?[a-c"'$\\ ;=:\t\n#é-]{0,40}"#,
            bytes in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            for text in [Ok(odd), Ok(like_lines), text_of(&bytes)] {
                let read = text.and_then(|text| read(&text, &here()));
                prop_assert!(read.map_or_else(|why| why.ends_with('.'), |import| import.form.is_some()));
            }
        }
    }

    #[test]
    fn what_is_of_no_known_form_is_told_in_plain_words() {
        let wrong = |text: &str| read(text, &here()).unwrap_err();
        assert!(wrong(" \u{feff} ").starts_with("There is nothing to read"));
        assert!(wrong("<!doctype html>").starts_with("This is a page"));
        for garbage in ["hello", "1234", "true", "a\nb\nc", "name,value\nlab-a,1", "漢字", "\u{1}\u{2}"] {
            assert!(wrong(garbage).contains("no form that is known here. What can be read: "), "{garbage}");
        }
        for text in ["{", "[", "\"", "[1]", "{}", "[]", "\"5\"", "{\"log\":{}}", "{\"a\":", "[{\"name\":1}]"] {
            let words = wrong(text);
            assert!(!words.contains("struct") && words.ends_with('.'), "{text}: {words}");
        }
    }
}
