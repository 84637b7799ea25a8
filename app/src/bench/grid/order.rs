//! Which rows are shown and in which order: plain rules over what the stores hold.

use super::rows::Rows;
use crate::{
    bench::journal::Change,
    browser::{Entry, Expires, Store, is_lab_name},
    text::escaped,
};
use memchr::memmem::Finder;
use std::{cmp::Reverse, collections::HashMap};

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::bench) enum By {
    #[default]
    Name,
    Value,
    Bytes,
    Units,
    Ends,
    Seen,
    /// In the order in which this page saw them come; those that were there before it come first.
    Arrival,
    /// Names whose values differ first, then those that a store lacks.
    Differences,
}

impl By {
    pub const ALL: [Self; 8] =
        [Self::Name, Self::Value, Self::Bytes, Self::Units, Self::Ends, Self::Seen, Self::Arrival, Self::Differences];

    pub fn title(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Value => "Value",
            Self::Bytes => "Bytes",
            Self::Units => "UTF-16 units",
            Self::Ends => "Ends",
            Self::Seen => "Seen by",
            Self::Arrival => "Arrival",
            Self::Differences => "Differences",
        }
    }

    /// Its name in the page and in what is remembered.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Value => "value",
            Self::Bytes => "bytes",
            Self::Units => "units",
            Self::Ends => "ends",
            Self::Seen => "seen",
            Self::Arrival => "arrival",
            Self::Differences => "differences",
        }
    }

    pub fn of(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.slug() == slug)
    }
}

/// How the rows are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::bench) struct Sort {
    pub by: By,
    /// The store whose entries are compared; without one, the first entry of each row.
    pub store: Option<Store>,
    pub descending: bool,
}

/// Something that can be said of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench) enum Flag {
    HttpOnly,
    Secure,
    Session,
    Expiring,
    Protected,
    Lab,
}

impl Flag {
    pub const ALL: [Self; 6] =
        [Self::HttpOnly, Self::Secure, Self::Session, Self::Expiring, Self::Protected, Self::Lab];

    pub fn title(self) -> &'static str {
        match self {
            Self::HttpOnly => "HttpOnly",
            Self::Secure => "Secure",
            Self::Session => "ends with the session",
            Self::Expiring => "expires at a time",
            Self::Protected => "protected",
            Self::Lab => "made by the lab",
        }
    }

    /// Whether it holds; what nobody can tell does not.
    fn holds(self, store: Store, entry: &Entry) -> bool {
        let cookie = store == Store::Cookies;
        match self {
            Self::HttpOnly => cookie && entry.flags.http_only.unwrap_or(unseen(entry)),
            // A browser keeps no cookie of these names without the attribute (RFC 6265bis §4.1.3).
            Self::Secure => {
                let by_name = || ["__host-", "__secure-"].iter().any(|prefix| starts(&entry.name, prefix));
                cookie && entry.flags.secure.unwrap_or_else(by_name)
            }
            Self::Session => matches!(entry.expires, Expires::BrowserSession | Expires::TabClose),
            Self::Expiring => matches!(entry.expires, Expires::At(_)),
            Self::Protected => entry.protected,
            Self::Lab => is_lab_name(&entry.name),
        }
    }
}

/// Whether the page's own requests carry it and scripts do not see it.
fn unseen(entry: &Entry) -> bool {
    !entry.seen_by_scripts && entry.seen_by_server == Some(true) && entry.only_at.is_none()
}

fn starts(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Who sees an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench) enum SeenBy {
    Scripts,
    Server,
    Both,
}

impl SeenBy {
    pub const ALL: [Self; 3] = [Self::Scripts, Self::Server, Self::Both];

    pub fn title(self) -> &'static str {
        match self {
            Self::Scripts => "scripts only",
            Self::Server => "the server only",
            Self::Both => "both",
        }
    }

    fn of(entry: &Entry) -> Option<Self> {
        match (entry.seen_by_scripts, entry.seen_by_server == Some(true)) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Scripts),
            (false, true) => Some(Self::Server),
            (false, false) => None,
        }
    }
}

/// What one of a row's entries must be like for the row to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::bench) struct Criteria {
    /// Part of its name or its value, or of how they are shown; letters of ASCII match in either case.
    pub text: String,
    pub flag: Option<Flag>,
    pub seen: Option<SeenBy>,
}

impl Criteria {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The places of the rows that meet the criteria, in the order asked for. Equal ones stay in the order of their names.
pub(super) fn arranged(rows: &Rows, sort: Sort, criteria: &Criteria, changes: &[Change]) -> Vec<u32> {
    let mut places = filtered(rows, criteria);
    let arrivals = if sort.by == By::Arrival { arrivals(changes) } else { HashMap::new() };
    let key = |place: &u32| -> Key {
        let row = rows.row(*place);
        if sort.by == By::Differences {
            return Key::Number(if row.differs() { 0 } else { 1 + i64::from(row.missing().next().is_none()) }, 0);
        }
        let entry = match sort.store {
            Some(store) => row.entry(store).map(|entry| (store, entry)),
            None => row.entries().next(),
        };
        let Some((store, entry)) = entry else { return Key::Nothing };
        match sort.by {
            By::Name | By::Differences => Key::Text(row.name()),
            By::Value => entry.value.as_deref().map_or(Key::Nothing, Key::Text),
            By::Bytes => Key::Number(entry.bytes.into(), 0),
            By::Units => entry.units.map_or(Key::Nothing, |units| Key::Number(units.into(), 0)),
            By::Ends => end(entry.expires),
            By::Seen => Key::Number(seen(entry), 0),
            By::Arrival => Key::Number(arrivals.get(&(store as u8, row.name())).copied().unwrap_or(0.0) as i64, 0),
        }
    };
    let is_by_name = sort.by == By::Name && sort.store.is_none();
    match (is_by_name, sort.descending) {
        (true, false) => {}
        (true, true) => places.reverse(),
        (false, false) => places.sort_by_cached_key(key),
        (false, true) => places.sort_by_cached_key(|place| {
            let key = key(place);
            (key == Key::Nothing, Reverse(key))
        }),
    }
    places
}

/// What rows are compared by. Those that have nothing to compare come last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Number(i64, i64),
    Text(&'a str),
    Nothing,
}

/// With the session first, then by time, then never, then what is not known.
fn end(expires: Expires) -> Key<'static> {
    match expires {
        Expires::BrowserSession | Expires::TabClose | Expires::Navigation => Key::Number(0, 0),
        Expires::At(second) => Key::Number(1, second),
        Expires::Never => Key::Number(2, 0),
        Expires::Unknown => Key::Number(3, 0),
    }
}

fn seen(entry: &Entry) -> i64 {
    match SeenBy::of(entry) {
        Some(SeenBy::Scripts) => 0,
        Some(SeenBy::Both) => 1,
        Some(SeenBy::Server) => 2,
        None => 3,
    }
}

/// When this page saw the entries come, by store and name.
fn arrivals(changes: &[Change]) -> HashMap<(u8, &str), f64> {
    let came = changes.iter().filter(|change| !change.was && change.is);
    came.map(|change| ((change.store as u8, change.name.as_str()), change.at)).collect()
}

/// The places of the rows of which an entry meets the criteria. Takes time in proportion to the text it looks at,
/// whatever that is.
fn filtered(rows: &Rows, criteria: &Criteria) -> Vec<u32> {
    let wanted = criteria.text.to_ascii_lowercase();
    let finder = Finder::new(&wanted);
    let mut lower = Vec::new();
    let mut has = |text: &str| {
        lower.clear();
        lower.extend_from_slice(text.as_bytes());
        lower.make_ascii_lowercase();
        finder.find(&lower).is_some()
    };
    // What is typed with a backslash is looked for as it is shown, too.
    let is_escaped = wanted.contains('\\');
    let mut has_text = |text: &str| has(text) || is_escaped && has(&escaped(text));
    let mut meets = |(store, entry): (Store, &Entry)| {
        criteria.flag.is_none_or(|flag| flag.holds(store, entry))
            && criteria.seen.is_none_or(|seen| SeenBy::of(entry) == Some(seen))
            && (wanted.is_empty() || has_text(&entry.name) || entry.value.as_deref().is_some_and(&mut has_text))
    };
    let all = 0..u32::try_from(rows.len()).unwrap_or(u32::MAX);
    all.filter(|place| rows.row(*place).entries().any(&mut meets)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Who;
    use std::sync::Arc;

    fn entry(name: &str, value: &str) -> Entry {
        Entry::new(name.into(), value, Expires::Never)
    }

    fn rows(cookies: &[Entry], local: &[Entry]) -> Rows {
        let columns = [(Store::Cookies, cookies), (Store::LocalStorage, local)];
        Rows::join(columns.map(|(store, entries)| (store, Arc::new(entries.to_vec()))).to_vec())
    }

    fn names(rows: &Rows, places: &[u32]) -> Vec<String> {
        places.iter().map(|place| rows.row(*place).name().to_owned()).collect()
    }

    fn sorted(rows: &Rows, sort: Sort) -> Vec<String> {
        let came = |name: &str, at| Change {
            at,
            store: Store::Cookies,
            name: name.into(),
            key: format!(" {name}"),
            before: None,
            after: None,
            was: false,
            is: true,
            who: Who::Unknown,
        };
        let changes = [came("c", 1.0), came("a", 2.0)];
        names(rows, &arranged(rows, sort, &Criteria::default(), &changes))
    }

    fn by(rows: &Rows, by: By, descending: bool) -> Vec<String> {
        sorted(rows, Sort { by, descending, store: None })
    }

    fn found(entries: &[Entry], criteria: &Criteria) -> Vec<String> {
        let rows = rows(entries, &[]);
        names(&rows, &arranged(&rows, Sort::default(), criteria, &[]))
    }

    #[test]
    fn rows_are_sorted_by_every_fact() {
        let hidden = Entry {
            value: None,
            units: None,
            seen_by_scripts: false,
            seen_by_server: Some(true),
            bytes: 90,
            ..Entry::new("b".into(), "", Expires::Unknown)
        };
        let soon = Entry { expires: Expires::At(5), ..entry("c", "漢") };
        let rows = rows(&[entry("a", "zz"), hidden, soon], &[]);
        assert_eq!(by(&rows, By::Name, false), ["a", "b", "c"]);
        assert_eq!(by(&rows, By::Name, true), ["c", "b", "a"]);
        assert_eq!(by(&rows, By::Value, false), ["a", "c", "b"]);
        assert_eq!(by(&rows, By::Bytes, false), ["a", "c", "b"]);
        assert_eq!(by(&rows, By::Units, false), ["c", "a", "b"]);
        assert_eq!(by(&rows, By::Ends, false), ["c", "a", "b"]);
        assert_eq!(by(&rows, By::Seen, false), ["a", "c", "b"]);
        assert_eq!(by(&rows, By::Arrival, false), ["b", "c", "a"]);
    }

    #[test]
    fn equal_rows_keep_the_order_of_their_names_both_ways() {
        let rows = rows(&[entry("a", "1"), entry("b", "1"), entry("c", "0")], &[]);
        assert_eq!(by(&rows, By::Value, false), ["c", "a", "b"]);
        assert_eq!(by(&rows, By::Value, true), ["a", "b", "c"]);
    }

    #[test]
    fn the_rows_of_a_store_that_lacks_the_entry_come_last() {
        let rows = rows(&[entry("a", "2")], &[entry("b", "9"), entry("c", "1")]);
        let by_value = Sort { by: By::Value, store: Some(Store::LocalStorage), descending: false };
        assert_eq!(sorted(&rows, by_value), ["c", "b", "a"]);
    }

    #[test]
    fn differing_rows_come_before_those_that_lack_something() {
        let rows = rows(&[entry("a", "1"), entry("b", "1"), entry("c", "1")], &[entry("a", "1"), entry("c", "2")]);
        assert_eq!(by(&rows, By::Differences, false), ["c", "b", "a"]);
    }

    #[test]
    fn a_row_is_found_by_any_of_its_values() {
        let rows = rows(&[entry("a", "red")], &[entry("a", "blue")]);
        let blue = Criteria { text: "BLUE".into(), ..Criteria::default() };
        assert_eq!(names(&rows, &arranged(&rows, Sort::default(), &blue, &[])), ["a"]);
    }

    #[test]
    fn a_filter_looks_at_names_and_values_in_either_case() {
        let entries = [entry("lab-Colour", "blue"), entry("lab-tea", "GREEN colour"), entry("other", "Zürich")];
        let text = |text: &str| Criteria { text: text.into(), ..Criteria::default() };
        assert_eq!(found(&entries, &text("COLOUR")), ["lab-Colour", "lab-tea"]);
        assert_eq!(found(&entries, &text("zürich")), ["other"]);
        assert_eq!(found(&entries, &text("nothing of it")), [""; 0]);
        assert_eq!(found(&entries, &text("")).len(), 3);
        let odd = [entry("a\u{202E}b", "1"), entry("c", "2\r\n"), entry(r"d\e", "")];
        assert_eq!(found(&odd, &text(r"A\U202E")), ["a\u{202E}b"]);
        assert_eq!(found(&odd, &text(r"2\r\n")), ["c"]);
        assert_eq!(found(&odd, &text(r"d\e")), [r"d\e"]);
    }

    #[test]
    fn facets_narrow_the_filter() {
        let hidden = Entry { value: None, seen_by_scripts: false, seen_by_server: Some(true), ..entry("__Host-a", "") };
        let both = Entry { seen_by_server: Some(true), expires: Expires::BrowserSession, ..entry("lab-b", "") };
        let dated = Entry { expires: Expires::At(1), ..entry("lab-c", "") };
        let entries = [hidden, both, dated];
        let flag = |flag| found(&entries, &Criteria { flag: Some(flag), ..Criteria::default() });
        let seen = |seen| found(&entries, &Criteria { seen: Some(seen), ..Criteria::default() });
        assert_eq!([flag(Flag::HttpOnly), flag(Flag::Secure)], [["__Host-a"], ["__Host-a"]]);
        assert_eq!([flag(Flag::Session), flag(Flag::Expiring)], [["lab-b"], ["lab-c"]]);
        assert_eq!(flag(Flag::Lab), ["lab-b", "lab-c"]);
        assert_eq!(flag(Flag::Protected), [""; 0]);
        assert_eq!(
            [seen(SeenBy::Scripts), seen(SeenBy::Server), seen(SeenBy::Both)],
            [["lab-c"], ["__Host-a"], ["lab-b"]]
        );
    }
}
