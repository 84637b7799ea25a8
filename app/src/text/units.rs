//! UTF-16 units in strings of Rust. Web storage and IndexedDB hold units (DOMString, Web IDL §2.13.17), which need not be
//! Unicode text; a `String` must be. A lone surrogate is kept here as the character U+100000 + unit of a private-use plane,
//! and a real character of U+10D800 to U+10DFFF as its two units, each kept so. A real pair never comes as two lone
//! surrogates, so no two texts become one.

use js_sys::{JSON, JsString};
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue};

const PLANE: u32 = 0x10_0000;

/// The lone surrogate that a character stands for.
pub(crate) fn lone(character: char) -> Option<u16> {
    match u32::from(character).checked_sub(PLANE)? {
        unit @ 0xD800..=0xDFFF => Some(unit as u16),
        _ => None,
    }
}

/// Whether any character of a text stands for a lone surrogate.
pub(crate) fn has_lone(text: &str) -> bool {
    holds(text, false)
}

/// Whether any character stands for a lone surrogate, or may be what is left of one: U+FFFD.
fn holds(text: &str, or_replaced: bool) -> bool {
    let is_lone = |bytes: &[u8]| match bytes {
        [0xF4, 0x8D, third] => *third >= 0xA0,
        bytes => or_replaced && bytes == "\u{FFFD}".as_bytes(),
    };
    !text.is_ascii() && text.as_bytes().windows(3).any(is_lone)
}

/// The text of any units.
pub(crate) fn from_units(units: &[u16]) -> String {
    let mut text = String::with_capacity(units.len());
    let mut rest = units;
    while let [unit, after @ ..] = rest {
        rest = after;
        let pair = match (*unit, after.first()) {
            (high @ 0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                char::from_u32(0x1_0000 + (u32::from(high & 0x3FF) << 10) + u32::from(low & 0x3FF))
            }
            _ => None,
        };
        // A real character of the range that stands for lone surrogates is kept as two of them.
        match pair.filter(|character| lone(*character).is_none()) {
            Some(character) => {
                text.push(character);
                rest = &after[1..];
            }
            None => {
                let unit = u32::from(*unit);
                text.extend(char::from_u32(unit).or_else(|| char::from_u32(PLANE + unit)));
            }
        }
    }
    text
}

/// The units of a text.
pub(crate) fn to_units(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len());
    for character in text.chars() {
        match lone(character) {
            Some(unit) => units.push(unit),
            None => units.extend_from_slice(character.encode_utf16(&mut [0; 2])),
        }
    }
    units
}

/// What came as Unicode text and is kept among texts of units.
pub(crate) fn kept(text: String) -> String {
    if has_lone(&text) { repaired(&text, &|_| REPLACED) } else { text }
}

/// What the browser handed over as Unicode text, as the units that it was; where it may have been something else it is asked
/// `again`.
pub(crate) fn exact(text: String, again: &dyn Fn() -> Option<JsValue>) -> String {
    if !holds(&text, true) {
        return text;
    }
    match again().and_then(|value| value.dyn_into::<JsString>().ok()) {
        Some(string) => repaired(&text, &|at| string.char_code_at(at) as u16),
        None => kept(text),
    }
}

/// What lone surrogates become where Unicode text is made of them, one each.
const REPLACED: u16 = 0xFFFD;

/// A text that was made Unicode; `unit` tells what stood where U+FFFD is.
fn repaired(text: &str, unit: &dyn Fn(u32) -> u16) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    for (at, now) in units.iter_mut().enumerate().filter(|(_, now)| **now == REPLACED) {
        *now = unit(at as u32);
    }
    from_units(&units)
}

/// The text as the browser holds it. Its parser of JSON makes any units of escapes.
pub(crate) fn written(text: &str) -> JsString {
    if !has_lone(text) {
        return JsString::from(text);
    }
    let mut json = String::from("\"");
    for character in text.chars() {
        match (character, lone(character)) {
            (_, Some(unit)) => spell_unit(unit.into(), &mut json),
            (..' ' | '"' | '\\', None) => spell_unit(character.into(), &mut json),
            (_, None) => json.push(character),
        }
    }
    json.push('"');
    JSON::parse(&json).map_or_else(|_| JsString::from(text), JsCast::unchecked_into)
}

/// Writes the escape of a UTF-16 unit.
pub(super) fn spell_unit(unit: u32, told: &mut String) {
    told.push_str("\\u");
    digits(unit, 4, told);
}

/// Writes a number in hexadecimal; by hand, which takes less of the first visit than formatting.
pub(super) fn digits(number: u32, count: u32, told: &mut String) {
    told.extend((0..count).rev().filter_map(|place| char::from_digit((number >> (4 * place)) & 0xF, 16)));
}

/// The first lone surrogate in a text, for what takes nothing but Unicode.
pub(crate) fn first_lone(text: &str) -> Option<u16> {
    if !has_lone(text) {
        return None;
    }
    char::decode_utf16(to_units(text)).find_map(|decoded| decoded.err()).map(|error| error.unpaired_surrogate())
}

/// The text as browsers hand it to what takes Unicode alone (USVString, Web IDL §2.13.18): a lone surrogate becomes U+FFFD.
pub(crate) fn usv(text: &str) -> Cow<'_, str> {
    if has_lone(text) { Cow::Owned(String::from_utf16_lossy(&to_units(text))) } else { Cow::Borrowed(text) }
}

/// The text for files and the clipboard, which hold Unicode: what is kept as units is written `\ud83d`, as JSON and scripts
/// spell it.
pub(crate) fn portable(text: &str) -> Cow<'_, str> {
    if !has_lone(text) {
        return Cow::Borrowed(text);
    }
    let mut spelled = String::with_capacity(text.len());
    for character in text.chars() {
        match lone(character) {
            Some(unit) => spell_unit(unit.into(), &mut spelled),
            None => spelled.push(character),
        }
    }
    Cow::Owned(spelled)
}

/// JSON with the escapes of lone surrogates taken in, which are valid there (RFC 8259 §8.2) and no text.
pub(crate) fn from_json(json: &str) -> Cow<'_, str> {
    if !json.contains("\\u") {
        return Cow::Borrowed(json);
    }
    let mut read = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        read.push_str(before);
        let mut units = Vec::new();
        let mut after = escape;
        while let Some(unit) = unit_escape(after).filter(|unit| matches!(unit, 0xD800..=0xDFFF)) {
            units.push(unit);
            after = &after[6..];
        }
        if units.is_empty() {
            // Any other escape stays: the backslash, and what it escapes, which may be another one.
            let end = escape.char_indices().nth(2).map_or(escape.len(), |(end, _)| end);
            read.push_str(&escape[..end]);
            after = &escape[end..];
        }
        read.push_str(&from_units(&units));
        rest = after;
    }
    read.push_str(rest);
    Cow::Owned(read)
}

/// The unit of an escape `\uXXXX` that a text begins with.
fn unit_escape(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_number { u16::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As the browser hands units over (WHATWG Encoding §7.4): each lone surrogate becomes U+FFFD.
    fn handed_over(units: &[u16]) -> String {
        repaired(&String::from_utf16_lossy(units), &|at| units[at as usize])
    }

    /// Units at which something begins or ends: letters, both halves of pairs, those of the characters that stand for lone
    /// surrogates, U+FFFD.
    const EDGES: [u16; 16] = [
        0, 0x41, 0x5C, 0xD7FF, 0xD800, 0xD83D, 0xDBF5, 0xDBF6, 0xDBF7, 0xDBF8, 0xDBFF, 0xDC00, 0xDE00, 0xDFFF, 0xFFFD,
        0xFFFF,
    ];

    #[test]
    fn every_unit_comes_back_by_itself_and_beside_any_other() {
        for unit in 0..=u16::MAX {
            for units in EDGES.iter().flat_map(|edge| [vec![unit], vec![unit, *edge], vec![*edge, unit]]) {
                assert_eq!(to_units(&from_units(&units)), units, "{units:x?}");
                assert_eq!(to_units(&handed_over(&units)), units, "{units:x?}");
            }
        }
    }

    #[test]
    fn no_two_texts_become_one() {
        let mut met = std::collections::HashMap::new();
        for a in EDGES {
            for b in EDGES {
                for c in EDGES {
                    let units = vec![a, b, c];
                    assert_eq!(met.insert(from_units(&units), units.clone()), None, "{units:x?}");
                }
            }
        }
    }

    fn any_units() -> impl Strategy<Value = Vec<u16>> {
        prop::collection::vec(prop_oneof![any::<u16>(), prop::sample::select(EDGES.to_vec())], 0..40)
    }

    proptest! {
        #[test]
        fn any_units_come_back(units in any_units()) {
            let text = from_units(&units);
            prop_assert_eq!(to_units(&text), units.clone());
            prop_assert_eq!(&handed_over(&units), &text);
        }

        #[test]
        fn what_is_text_is_told_as_text_and_nothing_else_is(units in any_units()) {
            let text = from_units(&units);
            match String::from_utf16(&units) {
                Ok(real) => {
                    prop_assert_eq!(first_lone(&text), None);
                    prop_assert_eq!(&*usv(&text), real.as_str());
                    prop_assert_eq!(kept(real), text);
                }
                Err(_) => prop_assert!(first_lone(&text).is_some()),
            }
        }

        #[test]
        fn any_units_come_back_from_json(units in any_units()) {
            let text = from_units(&units);
            let json = serde_json::to_string(&[&text]).unwrap();
            let file = portable(&json);
            prop_assert!(!has_lone(&file));
            let read: Vec<String> = crate::json::read(&from_json(&file)).unwrap();
            prop_assert_eq!(to_units(&read[0]), units);
        }
    }

    #[test]
    fn escapes_of_json_that_are_no_lone_surrogates_stay() {
        for json in
            [r#""\\ud83d""#, r#""\\\\ud83d \n \u00e9 \ud83d""#, r#""\ud83d\ude00""#, r#""\"""#, "\"\\", "\"\\u12"]
        {
            let read: Result<String, _> = crate::json::read(&from_json(json));
            let expected = match json {
                r#""\\ud83d""# => Some(r"\ud83d".to_owned()),
                r#""\\\\ud83d \n \u00e9 \ud83d""# => Some(format!("\\\\ud83d \n é {}", from_units(&[0xD83D]))),
                r#""\ud83d\ude00""# => Some("😀".to_owned()),
                r#""\"""# => Some("\"".to_owned()),
                _ => None,
            };
            assert_eq!(read.ok(), expected, "{json}");
        }
    }

    #[test]
    fn a_text_without_lone_surrogates_is_left_as_it_is() {
        for text in ["", "lab-é", "漢😀\u{FFFD}", "\u{10D7FF}\u{10E000}"] {
            assert!(!has_lone(text));
            assert!(matches!(usv(text), Cow::Borrowed(_)));
            assert!(matches!(portable(text), Cow::Borrowed(_)));
        }
        assert_eq!(portable(&from_units(&[0x61, 0xD83D, 0x62])), r"a\ud83db");
    }
}
