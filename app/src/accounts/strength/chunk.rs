//! What the meter knows: how a password would be guessed, and the words of a passphrase. With their lists they are
//! larger than all other pages together, so they are chunks of their own, fetched when somebody chooses a password. The
//! words are by far the smaller one, and do not wait for the other.

use super::super::{MAX_PASSWORD, MIN_PASSWORD};
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use zxcvbn::{Score, zxcvbn};

/// How good a password is, in what the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// From 0 to [`STRONGEST`].
    pub level: u8,
    pub word: String,
    /// Empty where there is nothing to say.
    pub hint: String,
}

/// The end of the meter.
pub(super) const STRONGEST: u8 = 4;

/// Where a passphrase's chance comes from, two bytes at a time; none when the browser has none to give.
pub(super) type Source<'a> = &'a mut dyn FnMut() -> Option<u16>;

/// A chunk's function is handed over once it is there, so that calling it does not wait.
pub(super) type Judge = fn(password: &str, username: &str) -> Verdict;
pub(super) type Suggest = fn(Source) -> Option<String>;

/// Everything that is reached from here alone goes into the chunk `strength`.
#[wasm_split(strength, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn judge() -> Result<Judge, SplitLoaderError> {
    Ok(judged)
}

/// Everything that is reached from here alone goes into the chunk `passphrase`.
#[wasm_split(passphrase, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn suggest() -> Result<Suggest, SplitLoaderError> {
    Ok(suggested)
}

fn judged(password: &str, username: &str) -> Verdict {
    let length = password.chars().count();
    let more = |count: usize| if count == 1 { "1 character".to_owned() } else { format!("{count} characters") };
    let verdict = |level, word: &str| Verdict { level, word: word.to_owned(), hint: String::new() };
    match length {
        0 => return Verdict::default(),
        _ if length < MIN_PASSWORD => {
            return verdict(0, &format!("Too short: {} more", more(MIN_PASSWORD - length)));
        }
        _ if length > MAX_PASSWORD => {
            return verdict(0, &format!("Too long: {} less", more(length - MAX_PASSWORD)));
        }
        _ => {}
    }
    let guesses = zxcvbn(password, &[username, "storage", "lab"]);
    let hint = guesses
        .feedback()
        .and_then(|feedback| {
            let warning = feedback.warning().map(|warning| warning.to_string());
            warning.or_else(|| feedback.suggestions().first().map(|suggestion| suggestion.to_string()))
        })
        .unwrap_or_default();
    let (level, word) = match guesses.score() {
        Score::Four => (STRONGEST, "Strong"),
        Score::Three => (3, "Good"),
        Score::Two => (2, "Fair"),
        _ => (1, "Weak"),
    };
    Verdict { hint, ..verdict(level, word) }
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

    #[test]
    fn a_length_that_the_server_refuses_is_told_in_characters() {
        assert_eq!(judged("", ""), Verdict::default());
        assert_eq!(judged("correct", "").word, "Too short: 8 characters more");
        assert_eq!(judged("fourteen chars", "").word, "Too short: 1 character more");
        assert_eq!(judged(&"é".repeat(14), "").word, "Too short: 1 character more");
        assert_eq!(judged(&"x".repeat(130), "").word, "Too long: 2 characters less");
    }

    #[test]
    fn what_is_easy_to_guess_is_weak_and_says_why() {
        let weak = judged("aaaaaaaaaaaaaaaaaaaa", "");
        assert_eq!((weak.level, weak.word.as_str()), (1, "Weak"));
        assert!(!weak.hint.is_empty());
        let named = judged("ada.lovelace.1815", "ada.lovelace.1815");
        assert_eq!(named.word, "Weak");
    }

    #[test]
    fn a_passphrase_is_strong() {
        let phrase = suggested(&mut giving(&[12, 3_456, 789, 7_000, 4_321])).unwrap_or_default();
        let strong = judged(&phrase, "ada");
        assert_eq!((strong.level, strong.word.as_str(), strong.hint.as_str()), (STRONGEST, "Strong", ""));
    }
}
