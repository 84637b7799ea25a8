//! What differs between the values of one name: who holds which, and between two values what only one of them has.

use crate::words::thousands;
use similar::algorithms::{DiffHook, myers::diff_deadline_raw};
use std::{convert::Infallible, ops::Range, sync::Arc};

/// Where two values differ in more words than this, the differing part is not compared any further: the time it takes grows
/// with their number squared.
const COMPARED: usize = 1_000;
/// Characters of one piece that are shown; of what is longer the beginning and the end.
const SHOWN: usize = 400;

/// One value and who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// `None` where it is out of the reach of scripts.
    pub value: Option<Arc<str>>,
    pub holders: Vec<String>,
}

/// The values with their holders, the most frequent one first, those that are out of reach last. Empty where no two known
/// values differ.
pub(super) fn groups(held: impl IntoIterator<Item = (String, Option<Arc<str>>)>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (holder, value) in held {
        match groups.iter_mut().find(|group| group.value == value) {
            Some(group) => group.holders.push(holder),
            None => groups.push(Group { value, holders: vec![holder] }),
        }
    }
    groups.sort_by_key(|group| (group.value.is_none(), usize::MAX - group.holders.len()));
    if groups.iter().filter(|group| group.value.is_some()).count() < 2 {
        groups.clear();
    }
    groups
}

/// A part of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Both(String),
    First(String),
    Second(String),
}

/// Two texts, piece by piece; compared word by word between what both begin and end with.
pub(super) fn difference(first: &str, second: &str) -> Vec<Piece> {
    let start = common_start(first, second);
    let (same, first, second) = (&first[..start], &first[start..], &second[start..]);
    let end = common_end(first, second);
    let (first, same_end) = first.split_at(first.len() - end);
    let second = &second[..second.len() - end];

    let mut pieces = Vec::new();
    let mut push = |kind: fn(String) -> Piece, text: &str| {
        if !text.is_empty() {
            pieces.push(kind(shortened(text)));
        }
    };
    push(Piece::Both, same);
    let (mut first_at, mut second_at) = (0, 0);
    for (in_first, in_second) in shared(first, second) {
        push(Piece::First, &first[first_at..in_first.start]);
        push(Piece::Second, &second[second_at..in_second]);
        (first_at, second_at) = (in_first.end, in_second + in_first.len());
        push(Piece::Both, &first[in_first]);
    }
    push(Piece::First, &first[first_at..]);
    push(Piece::Second, &second[second_at..]);
    push(Piece::Both, same_end);
    pieces
}

/// What two texts share (Myers, An O(ND) difference algorithm): where it is in the first, and where it begins in the second.
fn shared(first: &str, second: &str) -> Vec<(Range<usize>, usize)> {
    struct Shared(Vec<(usize, usize, usize)>);
    impl DiffHook for Shared {
        type Error = Infallible;
        fn equal(&mut self, first: usize, second: usize, count: usize) -> Result<(), Infallible> {
            self.0.push((first, second, count));
            Ok(())
        }
    }
    let (Some((first, first_ends)), Some((second, second_ends))) = (words(first), words(second)) else {
        return Vec::new();
    };
    let mut found = Shared(Vec::new());
    let Ok(()) = diff_deadline_raw(&mut found, &*first, 0..first.len(), &*second, 0..second.len(), None);
    let places = found.0.into_iter().map(|(in_first, in_second, count)| {
        (first_ends[in_first]..first_ends[in_first + count], second_ends[in_second])
    });
    places.collect()
}

/// The words, what stands between them character by character, and the places where they begin and the last one ends; `None`
/// where they are too many.
fn words(text: &str) -> Option<(Vec<&str>, Vec<usize>)> {
    let is_between = |c: char| !c.is_alphanumeric();
    let (mut words, mut places) = (Vec::new(), vec![0]);
    let parts = text.split_inclusive(is_between).flat_map(|part| {
        let (word, between) = part.split_at(part.trim_end_matches(is_between).len());
        [word, between]
    });
    for part in parts.filter(|part| !part.is_empty()) {
        if words.len() == COMPARED {
            return None;
        }
        words.push(part);
        places.push(places.last().map_or(0, |place| place + part.len()));
    }
    Some((words, places))
}

/// Bytes that both begin with, up to the beginning of a character.
fn common_start(first: &str, second: &str) -> usize {
    let same = first.bytes().zip(second.bytes()).take_while(|(a, b)| a == b).count();
    first.floor_char_boundary(same)
}

/// Bytes that both end with, from the beginning of a character on.
fn common_end(first: &str, second: &str) -> usize {
    let same = first.bytes().rev().zip(second.bytes().rev()).take_while(|(a, b)| a == b).count();
    first.len() - first.ceil_char_boundary(first.len() - same)
}

/// The beginning and the end of a long text, and how much is between them.
fn shortened(text: &str) -> String {
    let (Some((begin, _)), Some((end, _))) =
        (text.char_indices().nth(SHOWN / 2), text.char_indices().nth_back(SHOWN / 2 - 1))
    else {
        return text.to_owned();
    };
    // The note in between takes room too.
    match end.checked_sub(begin) {
        Some(left @ SHOWN..) => {
            format!("{} … {} bytes … {}", &text[..begin], thousands(left as u64), &text[end..])
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(held: &[(&str, Option<&str>)]) -> Vec<(Option<String>, String)> {
        let held = held.iter().map(|(holder, value)| ((*holder).to_owned(), value.map(Arc::from)));
        groups(held)
            .into_iter()
            .map(|group| (group.value.map(|value| value.to_string()), group.holders.join(", ")))
            .collect()
    }

    #[test]
    fn stores_are_grouped_by_what_they_hold_the_most_frequent_value_first() {
        assert_eq!(
            grouped(&[("a", Some("1")), ("b", None), ("c", Some("2")), ("d", Some("2"))]),
            [(Some("2".into()), "c, d".into()), (Some("1".into()), "a".into()), (None, "b".into())]
        );
    }

    #[test]
    fn what_nobody_can_tell_apart_does_not_differ() {
        assert_eq!(grouped(&[("a", Some("1")), ("b", Some("1")), ("c", None)]), []);
        assert_eq!(grouped(&[]), []);
    }

    fn pieces(first: &str, second: &str) -> String {
        let told = difference(first, second).into_iter().map(|piece| match piece {
            Piece::Both(text) => text,
            Piece::First(text) => format!("[-{text}-]"),
            Piece::Second(text) => format!("[+{text}+]"),
        });
        told.collect()
    }

    #[test]
    fn what_only_one_of_two_values_has_is_told_apart() {
        assert_eq!(pieces("green tea", "green cup"), "green [-tea-][+cup+]");
        assert_eq!(pieces("a=1&b=2&c=3", "a=1&b=5&c=3&d=4"), "a=1&b=[-2-][+5+]&c=3[+&d=4+]");
        assert_eq!(pieces("one two three", "one 2 three four"), "one [-two-][+2+] three[+ four+]");
        assert_eq!(pieces("", "new"), "[+new+]");
        assert_eq!(pieces("aa", "aaa"), "aa[+a+]");
    }

    #[test]
    fn no_character_is_cut_into_bytes() {
        // é and è share their first byte, 漢 and 字 their last.
        assert_eq!(pieces("café", "cafè"), "caf[-é-][+è+]");
        assert_eq!(pieces("\u{e2}x", "\u{1e2}x"), "[-\u{e2}-][+\u{1e2}+]x");
    }

    #[test]
    fn millions_of_characters_are_compared_at_their_ends_alone() {
        let long = |middle: &str| format!("{}{middle}{}", "x".repeat(3_000_000), "y".repeat(3_000_000));
        let told = difference(&long("cat"), &long("dog"));
        assert_eq!(told[1..3], [Piece::First("cat".into()), Piece::Second("dog".into())]);
        let Piece::Both(start) = &told[0] else { panic!("{:?}", told[0]) };
        assert!(start.starts_with("xxx") && start.contains(" … 2,999,600 bytes … "), "{start}");

        let other = |word: &str| format!("a{}", word.repeat(1_000_000));
        let told = difference(&other(" b"), &other("-c"));
        assert_eq!((told.len(), &told[0]), (3, &Piece::Both("a".into())));
    }
}
