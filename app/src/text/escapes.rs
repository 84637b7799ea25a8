//! Characters that do not show, or turn what stands around them, are shown as escapes: controls, bidirectional formatting,
//! spaces that are not U+0020, joiners where nothing is joined, tags, private use, noncharacters, lone surrogates. Letters of
//! every script, their marks and emoji stay (UTS #55 §3.2).

use super::units::lone;
use std::{borrow::Cow, fmt::Write};

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
    let is_right_to_left = |c| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}');
    if text.contains(is_right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text.into_owned() }
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
    // Writing to a string does not fail.
    let _ = match (character, lone(character)) {
        ('\n', _) => told.write_str("\\n"),
        ('\r', _) => told.write_str("\\r"),
        ('\t', _) => told.write_str("\\t"),
        (_, Some(unit)) => write!(told, "\\u{unit:04x}"),
        (..='\u{FFFF}', None) => write!(told, "\\u{:04x}", u32::from(character)),
        (_, None) => write!(told, "\\u{{{:x}}}", u32::from(character)),
    };
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
        other => never_shows(other),
    }
}

fn is_joined(character: char) -> bool {
    character >= '\u{600}' && !never_shows(character)
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE0E}' | '\u{FE0F}')
}

/// What does not show by itself (Unicode's categories Cc, Cf, Co, Cs, Zl, Zp, most of Zs, and Default_Ignorable_Code_Point).
fn never_shows(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{A0}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2000}'..='\u{200F}' | '\u{2028}'..='\u{202F}'
            | '\u{205F}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}'
            | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{40000}'..
    ) || u32::from(character) & 0xFFFE == 0xFFFE
}

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
        assert_eq!(escaped(&from_units([0x61, 0xD83D, 0x62, 0xDE00])), r"a\ud83db\ude00");
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
            let text = from_units(units) + &tail;
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
