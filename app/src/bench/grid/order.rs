//! Which entries a column shows and in which order: plain rules over what a store holds.

use crate::{
    bench::journal::Change,
    browser::{Entry, Expires, Store, is_lab_name},
};
use memchr::memmem::Finder;
use std::{cmp::Ordering, collections::HashMap};

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::bench) enum By {
    /// As the store lists them.
    #[default]
    Own,
    Name,
    Value,
    Bytes,
    Units,
    Ends,
    Seen,
    /// In the order in which this page saw them come; those that were there before it come first.
    Arrival,
}

impl By {
    pub const ALL: [Self; 8] =
        [Self::Own, Self::Name, Self::Value, Self::Bytes, Self::Units, Self::Ends, Self::Seen, Self::Arrival];

    pub fn title(self) -> &'static str {
        match self {
            Self::Own => "Store's order",
            Self::Name => "Name",
            Self::Value => "Value",
            Self::Bytes => "Bytes",
            Self::Units => "UTF-16 units",
            Self::Ends => "Ends",
            Self::Seen => "Seen by",
            Self::Arrival => "Arrival",
        }
    }

    /// Its name in the page and in what is remembered.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Name => "name",
            Self::Value => "value",
            Self::Bytes => "bytes",
            Self::Units => "units",
            Self::Ends => "ends",
            Self::Seen => "seen",
            Self::Arrival => "arrival",
        }
    }

    pub fn of(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.slug() == slug)
    }
}

/// How one column is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::bench) struct Sort {
    pub by: By,
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

/// What an entry must be like to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::bench) struct Criteria {
    /// Part of its name or its value; letters of ASCII match in either case.
    pub text: String,
    pub flag: Option<Flag>,
    pub seen: Option<SeenBy>,
}

impl Criteria {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The places of all entries in the order asked for. Equal ones stay in the store's order.
pub(super) fn sorted(store: Store, entries: &[Entry], sort: Sort, changes: &[Change]) -> Vec<u32> {
    let mut places: Vec<u32> = (0..u32::try_from(entries.len()).unwrap_or(u32::MAX)).collect();
    let arrivals = if sort.by == By::Arrival { arrivals(store, changes) } else { HashMap::new() };
    let at = |entry: &Entry| arrivals.get(entry.name.as_str()).copied().unwrap_or(0.0);
    let compare = |a: &Entry, b: &Entry| match sort.by {
        By::Own => Ordering::Equal,
        By::Name => a.name.cmp(&b.name),
        By::Value => (a.value.is_none(), &a.value).cmp(&(b.value.is_none(), &b.value)),
        By::Bytes => a.bytes.cmp(&b.bytes),
        By::Units => (a.units.is_none(), a.units).cmp(&(b.units.is_none(), b.units)),
        By::Ends => end(a.expires).cmp(&end(b.expires)),
        By::Seen => seen(a).cmp(&seen(b)),
        By::Arrival => at(a).total_cmp(&at(b)),
    };
    places.sort_by(|a, b| {
        let order = compare(&entries[*a as usize], &entries[*b as usize]);
        let order = if sort.by == By::Own { a.cmp(b) } else { order };
        if sort.descending { order.reverse() } else { order }
    });
    places
}

/// With the session first, then by time, then never, then what is not known.
fn end(expires: Expires) -> (u8, i64) {
    match expires {
        Expires::BrowserSession | Expires::TabClose | Expires::Navigation => (0, 0),
        Expires::At(second) => (1, second),
        Expires::Never => (2, 0),
        Expires::Unknown => (3, 0),
    }
}

fn seen(entry: &Entry) -> u8 {
    match SeenBy::of(entry) {
        Some(SeenBy::Scripts) => 0,
        Some(SeenBy::Both) => 1,
        Some(SeenBy::Server) => 2,
        None => 3,
    }
}

/// When this page saw the entries of a store come.
fn arrivals(store: Store, changes: &[Change]) -> HashMap<&str, f64> {
    let came = changes.iter().filter(|change| change.store == store && !change.was && change.is);
    came.map(|change| (change.name.as_str(), change.at)).collect()
}

/// Of the places those whose entries meet the criteria. Takes time in proportion to the text it looks at, whatever
/// that is.
pub(super) fn filtered(store: Store, entries: &[Entry], places: &[u32], criteria: &Criteria) -> Vec<u32> {
    let wanted = criteria.text.to_ascii_lowercase();
    let finder = Finder::new(&wanted);
    let mut lower = Vec::new();
    let mut has_text = |text: &str| {
        lower.clear();
        lower.extend_from_slice(text.as_bytes());
        lower.make_ascii_lowercase();
        finder.find(&lower).is_some()
    };
    let mut meets = |entry: &Entry| {
        criteria.flag.is_none_or(|flag| flag.holds(store, entry))
            && criteria.seen.is_none_or(|seen| SeenBy::of(entry) == Some(seen))
            && (wanted.is_empty() || has_text(&entry.name) || entry.value.as_deref().is_some_and(&mut has_text))
    };
    places.iter().copied().filter(|place| meets(&entries[*place as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Who;

    fn entry(name: &str, value: &str) -> Entry {
        Entry::new(name.into(), value, Expires::Never)
    }

    fn names(entries: &[Entry], places: &[u32]) -> Vec<String> {
        places.iter().map(|place| entries[*place as usize].name.clone()).collect()
    }

    fn by(entries: &[Entry], by: By, descending: bool) -> Vec<String> {
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
        names(entries, &sorted(Store::Cookies, entries, Sort { by, descending }, &changes))
    }

    fn found(entries: &[Entry], criteria: &Criteria) -> Vec<String> {
        let all = sorted(Store::Cookies, entries, Sort::default(), &[]);
        names(entries, &filtered(Store::Cookies, entries, &all, criteria))
    }

    #[test]
    fn rows_are_sorted_by_every_column() {
        let hidden = Entry {
            value: None,
            units: None,
            seen_by_scripts: false,
            seen_by_server: Some(true),
            bytes: 90,
            ..Entry::new("b".into(), "", Expires::Unknown)
        };
        let soon = Entry { expires: Expires::At(5), ..entry("c", "漢") };
        let entries = [entry("a", "zz"), hidden, soon];
        assert_eq!(by(&entries, By::Own, false), ["a", "b", "c"]);
        assert_eq!(by(&entries, By::Own, true), ["c", "b", "a"]);
        assert_eq!(by(&entries, By::Name, true), ["c", "b", "a"]);
        assert_eq!(by(&entries, By::Value, false), ["a", "c", "b"]);
        assert_eq!(by(&entries, By::Bytes, false), ["a", "c", "b"]);
        assert_eq!(by(&entries, By::Units, false), ["c", "a", "b"]);
        assert_eq!(by(&entries, By::Ends, false), ["c", "a", "b"]);
        assert_eq!(by(&entries, By::Seen, false), ["a", "c", "b"]);
        assert_eq!(by(&entries, By::Arrival, false), ["b", "c", "a"]);
    }

    #[test]
    fn equal_rows_keep_the_order_of_the_store_both_ways() {
        let entries = [entry("b", "1"), entry("a", "1"), entry("c", "0")];
        assert_eq!(by(&entries, By::Value, false), ["c", "b", "a"]);
        assert_eq!(by(&entries, By::Value, true), ["b", "a", "c"]);
    }

    #[test]
    fn a_filter_looks_at_names_and_values_in_either_case() {
        let entries = [entry("lab-Colour", "blue"), entry("lab-tea", "GREEN colour"), entry("other", "Zürich")];
        let text = |text: &str| Criteria { text: text.into(), ..Criteria::default() };
        assert_eq!(found(&entries, &text("COLOUR")), ["lab-Colour", "lab-tea"]);
        assert_eq!(found(&entries, &text("zürich")), ["other"]);
        assert_eq!(found(&entries, &text("nothing of it")), [""; 0]);
        assert_eq!(found(&entries, &text("")).len(), 3);
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
