//! Passwords that are long by repetition or by sliding along the keys. Their length makes guessing hardly slower; NIST SP
//! 800-63B-4 §3.1.1.2 asks to refuse what is common, expected or predictable.

use super::breached_passwords;
use app::accounts::MIN_PASSWORD;

/// Fewest characters that make a run.
const RUN: usize = 3;

/// Neighbours on a keyboard: rows and columns of QWERTY, then what QWERTZ and AZERTY have otherwise.
const KEYS: [&str; 19] = [
    "1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
    "9ol.",
    "0p;/",
    "qwertzuiopü",
    "asdfghjklöä",
    "yxcvbnm,.-",
    "azertyuiop",
    "qsdfghjklm",
];

/// Whether a password, in NFC and lower case, is nothing but
/// - a piece repeated that would be too short a password by itself, or
/// - runs (`aaa`, `abc`, `987`, `qwe`), with at most one common short password among them (`password123456789`).
pub(super) fn is_predictable(lower: &str) -> bool {
    let text: Vec<char> = lower.chars().collect();
    unit(&text).len() < MIN_PASSWORD || is_padded(&text)
}

/// The piece of which the text is a repetition, the last one possibly cut; else the whole text.
fn unit(text: &[char]) -> &[char] {
    let repeats = |period: &usize| text.iter().skip(*period).eq(&text[..text.len() - period]);
    (1..=text.len().div_ceil(2)).find(repeats).map_or(text, |period| &text[..period])
}

/// Takes runs away at either end until nothing is left, or a common word.
fn is_padded(text: &[char]) -> bool {
    let is_word = |piece: &[char]| breached_passwords::is_common_word(&piece.iter().collect::<String>());
    text.is_empty() || is_word(unit(text)) || without_run(text).is_some_and(is_padded)
}

fn without_run(text: &[char]) -> Option<&[char]> {
    let lengths = || (RUN..=text.len()).rev();
    let first = lengths().find(|length| is_run(&text[..*length])).map(|length| &text[length..]);
    first.or_else(|| {
        lengths().map(|length| text.split_at(text.len() - length)).find(|(_, end)| is_run(end)).map(|(rest, _)| rest)
    })
}

/// One character over and over, one after the other in the alphabet, or along the keys; in either direction.
fn is_run(piece: &[char]) -> bool {
    let mut steps = piece.windows(2).map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])));
    let first = steps.next().unwrap_or_default();
    let forward: String = piece.iter().collect();
    let backward: String = piece.iter().rev().collect();
    first.abs() <= 1 && steps.all(|step| step == first)
        || KEYS.iter().any(|row| row.contains(&forward) || row.contains(&backward))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_piece_repeated_is_predictable() {
        for text in ["passwordpassword", "aaaaaaaaaaaaaaaa", "k7!xk7!xk7!xk7!x", "mfxwqmfxwqmfxwq", "passwordpasswor"] {
            assert!(is_predictable(text), "{text}");
        }
    }

    #[test]
    fn a_row_of_keys_is_predictable() {
        for text in [
            "12345678901234567890",
            "qwertyuiopqwertyuiop",
            "1qaz2wsx3edc4rfv",
            "abcdefghijklmnopqrstuvwxyz",
            "987654321qwertyuiop",
            "poiuytrewqlkjhgfdsa",
            "aaaabbbbccccddddeeee",
            "111222333444555",
        ] {
            assert!(is_predictable(text), "{text}");
        }
    }

    #[test]
    fn a_common_password_padded_with_runs_is_predictable() {
        for text in ["password1234567", "!!!!!!!!iloveyou", "123flower456789", "passwordpassword123", "monkey987654321"]
        {
            assert!(is_predictable(text), "{text}");
        }
    }

    #[test]
    fn words_and_long_pieces_are_not_predictable() {
        for text in [
            "correct horse battery staple",
            "abc def ghi jkl but not only",
            "dragon under the flower pot",
            "mfxwqzkvjtbnrgy mfxwqzkvjtbnrgy",
            "password of my own 123",
        ] {
            assert!(!is_predictable(text), "{text}");
        }
    }
}
