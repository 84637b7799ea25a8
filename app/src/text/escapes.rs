//! Characters that do not show, or turn what stands around them, are shown as escapes: controls, bidirectional formatting,
//! spaces that are not U+0020, joiners where nothing is joined, tags, private use, noncharacters, lone surrogates. Letters of
//! every script, their marks and emoji stay (UTS #55 §3.2).

use super::units::{digits, lone, spell_unit};
use std::borrow::Cow;

/// Where a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    /// A name: two that differ in spaces alone have to look different.
    Name,
    /// A value in one line.
    Line,
    /// A value in lines of its own: line feeds and tabs are what they are.
    Lines,
}

/// Whether anything in a text is shown as an escape.
pub(crate) fn has_escapes(text: &str, within: Within) -> bool {
    let is_printable = |byte: u8| matches!(byte, b'!'..=b'~') || byte == b' ' && within != Within::Name;
    if text.bytes().all(is_printable) {
        return false;
    }
    let mut any = false;
    each(text, within, &mut |_, hidden| any |= hidden);
    any
}

/// A text as it is told: with escapes, and then each backslash is doubled. So is it where the text would read like escapes
/// itself, so that no two texts are told as one.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    spelled(text, Within::Line)
}

/// A name as labels have it.
pub(crate) fn label(name: &str) -> Cow<'_, str> {
    if name.is_empty() { Cow::Borrowed("(empty name)") } else { spelled(name, Within::Name) }
}

/// A name within a sentence, which it does not turn around (UAX #9 §2.4).
pub(crate) fn told(name: &str) -> String {
    isolated(label(name))
}

/// A text within a sentence.
pub(crate) fn isolated(text: Cow<str>) -> String {
    if text.chars().any(|character| is_among(character, &RIGHT_TO_LEFT)) {
        format!("\u{2068}{text}\u{2069}")
    } else {
        text.into_owned()
    }
}

fn spelled(text: &str, within: Within) -> Cow<'_, str> {
    let reads_like_escapes = |pair: &[u8]| matches!(pair, [b'\\', b'\\' | b'n' | b'r' | b't' | b'u']);
    if !has_escapes(text, within) && !text.as_bytes().windows(2).any(reads_like_escapes) {
        return Cow::Borrowed(text);
    }
    let mut told = String::with_capacity(text.len() + 16);
    each(text, within, &mut |character, hidden| match (character, hidden) {
        ('\\', _) => told.push_str("\\\\"),
        (_, true) => spell(character, &mut told),
        (_, false) => told.push(character),
    });
    Cow::Owned(told)
}

/// Writes the escape of a character, as scripts have it.
pub(super) fn spell(character: char, told: &mut String) {
    match (character, lone(character)) {
        ('\n', _) => told.push_str("\\n"),
        ('\r', _) => told.push_str("\\r"),
        ('\t', _) => told.push_str("\\t"),
        (_, Some(unit)) => spell_unit(unit.into(), told),
        (..='\u{FFFF}', None) => spell_unit(character.into(), told),
        (_, None) => {
            told.push_str("\\u{");
            digits(character.into(), 5 + u32::from(character >= '\u{100000}'), told);
            told.push('}');
        }
    }
}

/// Calls `tell` with each character and whether it is shown as an escape.
pub(super) fn each(text: &str, within: Within, tell: &mut dyn FnMut(char, bool)) {
    let mut characters = text.chars().peekable();
    let mut before = None;
    while let Some(character) = characters.next() {
        let hidden = is_hidden(before, character, characters.peek().copied(), within);
        tell(character, hidden);
        before = Some(character).filter(|_| !hidden);
    }
}

/// Whether a character is shown as an escape; `before` is the one before it, if that shows.
fn is_hidden(before: Option<char>, character: char, after: Option<char>, within: Within) -> bool {
    match character {
        ' ' => within == Within::Name && (before.is_none_or(|before| before == ' ') || after.is_none()),
        // At the end nothing shows that there is one more line.
        '\n' => within != Within::Lines || after.is_none(),
        '\t' => within != Within::Lines,
        // Joiners are spelling in Arabic and Indic scripts, and hold an emoji together.
        '\u{200C}' | '\u{200D}' => {
            !(before.is_some_and(is_joined) && after.is_some_and(|after| is_joined(after) && !is_selector(after)))
        }
        // So do these selectors, also of a digit that is drawn as a key.
        selector if is_selector(selector) => {
            !(before.is_some_and(|before| before >= '\u{A9}') || after == Some('\u{20E3}'))
        }
        '!'..='~' => false,
        other => never_shows(other),
    }
}

fn is_joined(character: char) -> bool {
    character >= '\u{600}' && !never_shows(character)
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE0E}' | '\u{FE0F}')
}

fn never_shows(character: char) -> bool {
    is_among(character, &HIDDEN) || u32::from(character) & 0xFFFE == 0xFFFE
}

fn is_among(character: char, ranges: &[(u32, u32)]) -> bool {
    let number = u32::from(character);
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&number))
}

/// What does not show by itself (Unicode's categories Cc, Cf, Co, Cs, Zl, Zp, most of Zs, and Default_Ignorable_Code_Point),
/// without the noncharacters at the end of each plane.
const HIDDEN: [(u32, u32); 22] = [
    (0, 0x1F),
    (0x7F, 0xA0),
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x206F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xE000, 0xF8FF),
    (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0D),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFC),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0x40000, 0x10FFFF),
];

/// The scripts that are written from right to left, by their blocks.
const RIGHT_TO_LEFT: [(u32, u32); 5] =
    [(0x590, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC), (0x10800, 0x10FFF), (0x1E800, 0x1EFFF)];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{unescaped, units::from_units};
    use proptest::prelude::*;

    #[test]
    fn what_does_not_show_is_told_as_scripts_spell_it() {
        assert_eq!(escaped("a\0b\r\n\tc"), r"a\u0000b\r\n\tc");
        assert_eq!(escaped("lab-\u{202E}gpj.exe"), r"lab-\u202egpj.exe");
        assert_eq!(escaped("a\u{200B}b\u{FEFF}\u{2028}\u{85}\u{A0}\u{AD}"), r"a\u200bb\ufeff\u2028\u0085\u00a0\u00ad");
        assert_eq!(escaped("x\u{E0001}\u{F8FF}\u{1FFFE}"), r"x\u{e0001}\uf8ff\u{1fffe}");
        assert_eq!(escaped(&from_units(&[0x61, 0xD83D, 0x62, 0xDE00])), r"a\ud83db\ude00");
    }

    #[test]
    fn letters_of_all_scripts_and_emoji_stay_readable() {
        let texts = [
            "Zürich",
            "e\u{301}",
            "שלום",
            "مرحبا",
            "می\u{200C}خواهم",
            "क\u{94D}\u{200D}ष",
            "漢字",
            "한국어",
            "ภาษาไทย",
            "a b",
            "\u{FFFD}",
            "👩\u{200D}👩\u{200D}👧",
            "❤\u{FE0F}\u{200D}🔥",
            "1\u{FE0F}\u{20E3}",
            "©\u{FE0F}",
            "👍🏽",
            "🏳\u{FE0F}\u{200D}🌈",
            "🇨🇭",
            "100 %",
            "\u{3000}",
        ];
        for text in texts {
            assert_eq!(escaped(text), text);
            assert_eq!(label(text), text);
        }
        assert_eq!(escaped("pay\u{200D}pal a\u{FE0F}"), r"pay\u200dpal a\ufe0f", "nothing is joined");
    }

    #[test]
    fn a_backslash_is_doubled_where_it_would_read_like_an_escape() {
        assert_eq!(escaped(r"a\u202e"), r"a\\u202e");
        assert_eq!(escaped("\\\u{202E}"), r"\\\u202e");
        assert_eq!(escaped(r"C:\a\b"), r"C:\a\b");
    }

    #[test]
    fn names_that_differ_in_spaces_alone_look_different() {
        assert_eq!(
            ["", " a", "a ", "a  b", "a b", "a\u{A0}b", " "].map(label),
            ["(empty name)", r"\u0020a", r"a\u0020", r"a \u0020b", "a b", r"a\u00a0b", r"\u0020"]
        );
    }

    #[test]
    fn a_value_in_lines_keeps_its_lines() {
        let lines = |text| has_escapes(text, Within::Lines);
        assert_eq!(["a\nb", "a\tb", "a\n", "a\r\nb", "a\n\u{200B}"].map(lines), [false, false, true, true, true]);
    }

    #[test]
    fn a_name_from_right_to_left_does_not_turn_its_sentence_around() {
        assert_eq!(told("שלום"), "\u{2068}שלום\u{2069}");
        assert_eq!([told("lab-a"), told("")], ["lab-a", "(empty name)"]);
    }

    proptest! {
        #[test]
        fn whatever_is_told_can_be_typed_again(units in prop::collection::vec(any::<u16>(), 0..12), tail in "[\\\\nrtu0-9a-f{} \u{202E}\n]{0,8}") {
            let text = from_units(&units) + &tail;
            let told = escaped(&text).into_owned();
            prop_assert!(!has_escapes(&told, Within::Line));
            if has_escapes(&text, Within::Line) {
                prop_assert_eq!(unescaped(&told), Ok(text));
            }
        }

        #[test]
        fn no_two_names_have_one_label(a in "[\\\\nu02e \u{202E}\n]{1,7}", b in "[\\\\nu02e \u{202E}\n]{1,7}") {
            prop_assert_eq!(label(&a) == label(&b), a == b);
        }
    }
}
