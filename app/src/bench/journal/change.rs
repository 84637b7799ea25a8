//! One change, and how changes are found: what a store held is compared with what it holds now.

use crate::{
    browser::{Entry, Expires, Store, Who, bytes},
    words::thousands,
};
use std::{collections::HashMap, sync::Arc};

/// Most bytes of a value that the journal keeps; it would hold on to megabytes otherwise.
const KEPT_BYTES: usize = 1_000;

/// One entry's change.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::bench) struct Change {
    /// UTC milliseconds by the browser's clock.
    pub at: f64,
    pub store: Store,
    pub name: String,
    /// [`Entry::key`].
    pub key: String,
    pub before: Option<Arc<str>>,
    pub after: Option<Arc<str>>,
    /// Whether the entry was there before and is there now; the values may be out of reach all the same.
    pub was: bool,
    pub is: bool,
    pub who: Who,
}

/// What is new, gone or different at a time of the browser's clock, UTC milliseconds. An entry that is gone after its time has
/// expired; that of one which the server ends comes by the server's clock, which is `ahead` by so many seconds.
pub(super) fn differences(store: Store, before: &[Entry], after: &[Entry], now: f64, ahead: i64) -> Vec<Change> {
    // Mostly one entry of many has changed: what is the same at both ends need not be looked up.
    let start = before.iter().zip(after).take_while(|(was, is)| was == is).count();
    let (before, after) = (&before[start..], &after[start..]);
    let end = before.iter().rev().zip(after.iter().rev()).take_while(|(was, is)| was == is).count();
    let (before, after) = (&before[..before.len() - end], &after[..after.len() - end]);

    let mut old: HashMap<_, _> = before.iter().map(|entry| (entry.key(), entry)).collect();
    let mut found = Vec::new();
    for entry in after {
        match old.remove(&entry.key()).or_else(|| seen_otherwise(store, &mut old, entry)) {
            Some(was) if same(was, entry) => {}
            was => found.extend(change(store, was, Some(entry), now, ahead)),
        }
    }
    let mut gone: Vec<_> = old.into_values().collect();
    gone.sort_by(|a, b| a.name.cmp(&b.name));
    found.extend(gone.into_iter().filter_map(|was| change(store, Some(was), None, now, ahead)));
    found
}

/// The cookie as it was before its path came into sight, or went out of it: the server does not see paths.
fn seen_otherwise<'a>(store: Store, old: &mut HashMap<String, &'a Entry>, entry: &Entry) -> Option<&'a Entry> {
    let key = match (store, &entry.path) {
        (Store::Cookies, None) => old.values().find(|was| was.name == entry.name)?.key(),
        (Store::Cookies, Some(_)) => Entry { path: None, ..entry.clone() }.key(),
        _ => return None,
    };
    old.remove(&key)
}

fn change(store: Store, was: Option<&Entry>, is: Option<&Entry>, now: f64, ahead: i64) -> Option<Change> {
    let entry = is.or(was)?;
    let expired = |was: &Entry| {
        let ahead = if was.is_by_server(store) { ahead } else { 0 };
        matches!(was.expires, Expires::At(second) if (second - ahead) as f64 * 1_000.0 <= now)
    };
    Some(Change {
        at: now,
        store,
        name: entry.name.clone(),
        key: entry.key(),
        before: was.and_then(|entry| entry.value.as_ref()).map(kept),
        after: is.and_then(|entry| entry.value.as_ref()).map(kept),
        was: was.is_some(),
        is: is.is_some(),
        who: if is.is_none() && was.is_some_and(expired) { Who::Expiry } else { Who::Unknown },
    })
}

/// A value that came into reach, or went out of it, is the same one still when its size is.
fn same(was: &Entry, is: &Entry) -> bool {
    was.bytes == is.bytes && (was.value == is.value || was.value.is_none() || is.value.is_none())
}

/// The value, or as much of it as the journal keeps.
fn kept(value: &Arc<str>) -> Arc<str> {
    if value.len() <= KEPT_BYTES {
        return value.clone();
    }
    let end = value.floor_char_boundary(KEPT_BYTES);
    format!("{}… ({} bytes in all)", &value[..end], thousands(bytes(value).into())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, value: &str, expires: Expires) -> Entry {
        Entry::new(name.into(), value, expires)
    }

    #[test]
    fn what_is_new_gone_or_different_is_found() {
        let entries = |pairs: &[(&str, &str)]| -> Vec<_> {
            pairs.iter().map(|(name, value)| entry(name, value, Expires::Never)).collect()
        };
        let found = |before, after| -> Vec<_> {
            let found = differences(Store::LocalStorage, &entries(before), &entries(after), 0.0, 0);
            found.into_iter().map(|change| (change.name, change.was, change.is)).collect()
        };
        assert_eq!(
            found(&[("a", "1"), ("b", "1"), ("c", "1"), ("z", "1")], &[("a", "1"), ("b", "2"), ("d", "1"), ("z", "1")]),
            [("b".into(), true, true), ("d".into(), false, true), ("c".into(), true, false)]
        );
        assert_eq!(found(&[("a", "1"), ("b", "1")], &[("a", "1"), ("b", "1")]), []);
        assert_eq!(found(&[("a", "1")], &[("a", "1"), ("a ", "1")]), [("a ".into(), false, true)]);
        assert_eq!(found(&[("a", "1"), ("b", "1")], &[("b", "1")]), [("a".into(), true, false)]);
    }

    #[test]
    fn what_goes_after_its_time_has_expired() {
        let who = |expires, now| differences(Store::Cookies, &[entry("a", "1", expires)], &[], now, 3_600)[0].who;
        assert_eq!(who(Expires::At(10), 10_500.0), Who::Expiry);
        assert_eq!(who(Expires::At(10), 9_500.0), Who::Unknown);
        assert_eq!(who(Expires::BrowserSession, 10_500.0), Who::Unknown);
        let kept = [entry("a", "1", Expires::At(3_610))];
        let who = |now, ahead| differences(Store::ServerSession, &kept, &[], now, ahead)[0].who;
        assert_eq!((who(10_500.0, 3_600), who(9_500.0, 3_600)), (Who::Expiry, Who::Unknown), "by the server's clock");
        assert_eq!(who(3_610_500.0, -3_600), Who::Unknown, "the browser's clock is ahead");
    }

    #[test]
    fn a_cookie_that_scripts_and_server_see_one_after_the_other_is_one() {
        let seen = Entry { path: Some("/".into()), ..entry("a", "1", Expires::BrowserSession) };
        let received = Entry { value: None, ..entry("a", "1", Expires::Unknown) };
        let found = |before: &Entry, after: &Entry| {
            differences(Store::Cookies, std::slice::from_ref(before), std::slice::from_ref(after), 0.0, 0)
        };
        assert_eq!(found(&received, &seen), []);
        assert_eq!(found(&seen, &received), []);
    }

    #[test]
    fn a_long_value_is_kept_by_its_beginning() {
        let value = "漢".repeat(1_000);
        let found = differences(Store::LocalStorage, &[], &[entry("a", &value, Expires::Never)], 0.0, 0);
        let after = found[0].after.as_deref().unwrap_or_default();
        assert_eq!(after, format!("{}… (3,000 bytes in all)", "漢".repeat(333)));
    }
}
