//! The words of a passphrase. They weigh more than the account pages together, so they are a chunk of their own, fetched when
//! somebody asks for one.

use leptos::wasm_split::{SplitLoaderError, wasm_split};

/// Where a passphrase's chance comes from, two bytes at a time; none when the browser has none to give.
pub(super) type Source<'a> = &'a mut dyn FnMut() -> Option<u16>;

/// A chunk's function is handed over once it is there, so that calling it does not wait.
pub(super) type Suggest = fn(Source) -> Option<String>;

/// Everything that is reached from here alone goes into the chunk `passphrase`.
#[wasm_split(passphrase, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn suggest() -> Result<Suggest, SplitLoaderError> {
    Ok(suggested)
}

/// The EFF's large wordlist, one word a line, see `words.LICENSE`.
const WORDS: &str = include_str!("words.txt");
/// How many words it has.
const COUNT: u16 = 7_776;
/// How many words make a passphrase: 5 × log2(7,776) is 64.6 bits.
const LENGTH: usize = 5;

fn suggested(source: Source) -> Option<String> {
    let words: Vec<&str> = WORDS.lines().collect();
    let mut chosen = Vec::with_capacity(LENGTH);
    while chosen.len() < LENGTH {
        chosen.push(*words.get(usize::from(place(source)?))?);
    }
    Some(chosen.join(" "))
}

/// A place in the list, each as likely as the others: numbers beyond the last whole multiple of its length, which would
/// favour its beginning, are drawn again.
fn place(source: Source) -> Option<u16> {
    const FAIR: u16 = u16::MAX / COUNT * COUNT;
    loop {
        let number = source()?;
        if number < FAIR {
            return Some(number % COUNT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{MAX_PASSWORD, MIN_PASSWORD};
    use std::collections::HashSet;

    /// A source that gives these numbers, then none.
    fn giving(numbers: &[u16]) -> impl FnMut() -> Option<u16> {
        let mut numbers = numbers.iter().copied();
        move || numbers.next()
    }

    #[test]
    fn the_list_has_the_words_that_the_note_promises() {
        let words: HashSet<&str> = WORDS.lines().collect();
        assert_eq!((WORDS.lines().count(), words.len()), (usize::from(COUNT), usize::from(COUNT)));
        assert!((COUNT as f64).log2() * LENGTH as f64 >= 64.0);
        assert_eq!((WORDS.lines().next(), WORDS.lines().last()), (Some("abacus"), Some("zoom")));
    }

    #[test]
    fn even_the_shortest_words_make_a_passphrase_that_is_long_enough() {
        let shortest = WORDS.lines().map(|word| word.chars().count()).min().unwrap_or_default();
        let longest = WORDS.lines().map(|word| word.chars().count()).max().unwrap_or_default();
        assert!(shortest * LENGTH + LENGTH > MIN_PASSWORD);
        assert!(longest * LENGTH + LENGTH - 1 <= MAX_PASSWORD);
    }

    #[test]
    fn a_passphrase_is_five_words_as_the_source_drew_them() {
        let mut source = giving(&[0, 1, 7_775, 7_776, 62_207]);
        assert_eq!(suggested(&mut source).as_deref(), Some("abacus abdomen zoom abacus zoom"));
    }

    #[test]
    fn numbers_that_would_favour_some_words_are_drawn_again() {
        assert_eq!(place(&mut giving(&[62_208, u16::MAX, 5])), Some(5));
        let mut hits = vec![0_u32; usize::from(COUNT)];
        for number in 0..=u16::MAX {
            if let Some(place) = place(&mut giving(&[number])) {
                hits[usize::from(place)] += 1;
            }
        }
        assert!(hits.iter().all(|count| *count == 8), "every word is as likely as the others");
    }

    #[test]
    fn without_a_source_there_is_no_passphrase() {
        assert_eq!(suggested(&mut giving(&[1, 2, 3, 4])), None);
    }
}
