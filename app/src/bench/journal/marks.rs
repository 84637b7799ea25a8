//! The rows that have just changed, to be pointed out for a moment.

use super::change::Change;
use crate::browser::{Store, Who};

/// How long a row is marked, in milliseconds.
pub(super) const MARKED_FOR: u32 = 4_000;
/// Most rows that are marked at a time: where more have changed there is nothing to point out.
const MOST: usize = 100;

/// A row that has just changed.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::bench) struct Mark {
    store: Store,
    key: String,
    who: Who,
    until: f64,
}

/// Who changed an entry a moment ago, if anybody did.
pub(super) fn marked(marks: &[Mark], store: Store, key: &str) -> Option<Who> {
    marks.iter().find(|mark| mark.store == store && mark.key == key).map(|mark| mark.who)
}

/// Marks what has changed; a row that is marked already is marked anew.
pub(super) fn merge(marks: &mut Vec<Mark>, changes: &[Change]) {
    for change in changes.iter().take(MOST) {
        marks.retain(|mark| (mark.store, &mark.key) != (change.store, &change.key));
        if change.is {
            let until = change.at + f64::from(MARKED_FOR);
            marks.push(Mark { store: change.store, key: change.key.clone(), who: change.who, until });
        }
    }
}

/// Fills in who made changes that are marked already; tells whether any is.
pub(super) fn correct(marks: &mut [Mark], changes: &[Change]) -> bool {
    let mut any = false;
    for change in changes {
        let marked = marks.iter_mut().find(|mark| (mark.store, &mark.key) == (change.store, &change.key));
        if let Some(mark) = marked {
            mark.who = change.who;
            any = true;
        }
    }
    any
}

/// Takes away the marks whose time is over.
pub(super) fn fade(marks: &mut Vec<Mark>, now: f64) {
    marks.retain(|mark| mark.until > now);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bench::journal::change::differences,
        browser::{Entry, Expires},
    };

    #[test]
    fn who_makes_himself_known_later_is_named_by_the_mark() {
        let entry = Entry::new("a".into(), "1", Expires::Never);
        let mut found = differences(Store::LocalStorage, &[], std::slice::from_ref(&entry), 0.0, 0);
        let mut marks = Vec::new();
        merge(&mut marks, &found);
        found[0].who = Who::AnotherTab;
        assert!(correct(&mut marks, &found));
        assert_eq!(marked(&marks, Store::LocalStorage, &entry.key()), Some(Who::AnotherTab));
    }

    #[test]
    fn a_row_has_one_mark_the_latest() {
        let entry = |value: &str| Entry::new("a".into(), value, Expires::Never);
        let (store, key) = (Store::LocalStorage, entry("1").key());
        let mut marks = Vec::new();
        let mut change = |before: &[Entry], after: &[Entry], who, now| {
            let mut found = differences(store, before, after, now, 0);
            found[0].who = who;
            merge(&mut marks, &found);
            let shown = (marks.len(), marked(&marks, store, &key));
            fade(&mut marks, now + 1_000.0);
            shown
        };
        assert_eq!(change(&[], &[entry("1")], Who::ThisTab, 0.0), (1, Some(Who::ThisTab)));
        assert_eq!(change(&[entry("1")], &[entry("2")], Who::AnotherTab, 3_500.0), (1, Some(Who::AnotherTab)));
        assert_eq!(change(&[entry("2")], &[], Who::AnotherTab, 4_000.0), (0, None));
    }

    #[test]
    fn a_mark_fades() {
        let found = differences(Store::LocalStorage, &[], &[Entry::new("a".into(), "1", Expires::Never)], 0.0, 0);
        let mut marks = Vec::new();
        merge(&mut marks, &found);
        fade(&mut marks, 3_999.0);
        assert_eq!(marks.len(), 1);
        fade(&mut marks, 4_000.0);
        assert_eq!(marks, []);
    }
}
