//! What can be told of a token of no known form: its length and its letters.

use super::report::{Fact, Report};
use crate::words::thousands;

/// A shorter one, or one with words in it, is no token.
const SHORTEST: usize = 16;

/// The alphabets of tokens, the smallest first, with the number of their letters.
type Alphabet = (&'static str, f64, fn(u8) -> bool);
const ALPHABETS: [Alphabet; 5] = [
    ("digits", 10.0, |byte| byte.is_ascii_digit()),
    ("hexadecimal digits", 16.0, |byte| byte.is_ascii_hexdigit()),
    ("small letters and digits", 36.0, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z')),
    ("letters and digits", 62.0, |byte| byte.is_ascii_alphanumeric()),
    ("letters, digits and - _ + / = . ~", 64.0, |byte| byte.is_ascii_alphanumeric() || b"-_+/=.~".contains(&byte)),
];

/// The facts of a token; `None` where the text is none.
pub(super) fn read(text: &str) -> Option<Report> {
    let (alphabet, letters, _) = ALPHABETS.iter().find(|(.., has)| text.bytes().all(has))?;
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    if text.len() < SHORTEST || !has_digit {
        return None;
    }
    let note = "It is of no form that is known here: to everybody but its maker it may be random.";
    let most = thousands((text.len() as f64 * letters.log2()) as u64);
    let facts = [
        ("length", format!("{} characters", thousands(text.len() as u64))),
        ("alphabet", (*alphabet).to_owned()),
        ("it can hold", format!("at most {most} bits, if every character is random; nobody can tell from one value")),
    ];
    let facts = facts.map(|(title, words)| (title, Fact::Words(words))).into();
    Some(Report { notes: vec![note.into()], facts, ..Report::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_opaque_token_length_and_alphabet_are_told() {
        let told = |text: &str| {
            let facts = read(text)?.facts.into_iter().map(|(_, fact)| match fact {
                Fact::Words(words) => words,
                _ => String::new(),
            });
            Some(facts.collect::<Vec<_>>()[..2].join(", "))
        };
        assert_eq!(told("0af7651916cd43dd8448eb211c80319c").as_deref(), Some("32 characters, hexadecimal digits"));
        assert_eq!(told("k3v9q0zt5m2x7w1b4n8c6r2f9d").as_deref(), Some("26 characters, small letters and digits"));
        assert_eq!(told("Ab3-_9zQ0plkJH21xx").as_deref(), Some("18 characters, letters, digits and - _ + / = . ~"));
        for other in ["short1", "green tea with jasmine 1", "straightforwardness", "漢漢漢漢漢漢漢漢1"] {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
