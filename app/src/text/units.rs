//! UTF-16 units in strings of Rust. Web storage and IndexedDB hold units (DOMString, Web IDL §2.13.17), which need not be
//! Unicode text; a `String` must be. A lone surrogate is kept here as the character U+100000 + unit of a private-use plane,
//! and a real character of U+10D800 to U+10DFFF as its two units, each kept so. A real pair never comes as two lone
//! surrogates, so no two texts become one.

use js_sys::JsString;
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue};

const PLANE: u32 = 0x10_0000;
/// Units that are handed over to the browser at a time: they are arguments of one call.
const AT_A_TIME: usize = 4_096;

/// The lone surrogate that a character stands for.
pub(crate) fn lone(character: char) -> Option<u16> {
    match u32::from(character).checked_sub(PLANE)? {
        unit @ 0xD800..=0xDFFF => Some(unit as u16),
        _ => None,
    }
}

/// Whether any character of a text stands for a lone surrogate.
pub(crate) fn has_lone(text: &str) -> bool {
    holds(text, |bytes| matches!(bytes, [0xF4, 0x8D, 0xA0..=0xBF]))
}

/// Whether a text that came as Unicode may have been something else: it holds U+FFFD, which lone surrogates become, or a
/// character that stands for one.
fn is_doubtful(text: &str) -> bool {
    holds(text, |bytes| matches!(bytes, [0xEF, 0xBF, 0xBD] | [0xF4, 0x8D, 0xA0..=0xBF]))
}

fn holds(text: &str, three_bytes: impl Fn(&[u8]) -> bool) -> bool {
    !text.is_ascii() && text.as_bytes().windows(3).any(three_bytes)
}

/// The text of any units.
pub(crate) fn from_units(units: impl IntoIterator<Item = u16>) -> String {
    let keep = |unit: u16| char::from_u32(PLANE + u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
    let mut text = String::new();
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok(character) if lone(character).is_some() => {
                text.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| keep(*unit)));
            }
            Ok(character) => text.push(character),
            Err(error) => text.push(keep(error.unpaired_surrogate())),
        }
    }
    text
}

/// The units of a text.
pub(crate) fn to_units(text: &str) -> impl Iterator<Item = u16> {
    text.chars().flat_map(|character| {
        let mut pair = [0; 2];
        let (units, count) = match lone(character) {
            Some(unit) => ([unit, 0], 1),
            None => {
                let count = character.encode_utf16(&mut pair).len();
                (pair, count)
            }
        };
        units.into_iter().take(count)
    })
}

/// What came as Unicode text and is kept among texts of units.
pub(crate) fn kept(text: String) -> String {
    if has_lone(&text) { from_units(text.encode_utf16()) } else { text }
}

/// What the browser handed over as Unicode text, as the units that it was; where it may have been something else it is asked
/// `again`.
pub(crate) fn exact(text: String, again: impl FnOnce() -> Option<JsValue>) -> String {
    if !is_doubtful(&text) {
        return text;
    }
    match again().and_then(|value| value.dyn_into::<JsString>().ok()) {
        Some(string) => repaired(&text, |at| string.char_code_at(at) as u16),
        None => kept(text),
    }
}

/// The text whose lone surrogates became U+FFFD, one each; `unit` tells what stood there.
fn repaired(text: &str, unit: impl Fn(u32) -> u16) -> String {
    const REPLACED: u16 = 0xFFFD;
    from_units((0..).zip(text.encode_utf16()).map(|(at, now)| if now == REPLACED { unit(at) } else { now }))
}

/// The text as the browser holds it.
pub(crate) fn written(text: &str) -> JsString {
    if !has_lone(text) {
        return JsString::from(text);
    }
    let units: Vec<u16> = to_units(text).collect();
    let some = units.chunks(AT_A_TIME).map(JsString::from_char_code);
    some.fold(JsString::from(""), |all, some| all.concat(&some))
}

/// The text for what takes nothing but Unicode.
///
/// # Errors
/// The first lone surrogate in it.
pub(crate) fn unicode(text: &str) -> Result<Cow<'_, str>, u16> {
    if !has_lone(text) {
        return Ok(Cow::Borrowed(text));
    }
    let characters = char::decode_utf16(to_units(text));
    characters.collect::<Result<String, _>>().map(Cow::Owned).map_err(|error| error.unpaired_surrogate())
}

/// The text as browsers hand it to what takes Unicode alone (USVString, Web IDL §2.13.18): a lone surrogate becomes U+FFFD.
pub(crate) fn usv(text: &str) -> Cow<'_, str> {
    if !has_lone(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(char::decode_utf16(to_units(text)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
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
            Some(unit) => spelled.push_str(&format!("\\u{unit:04x}")),
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
        read.push_str(&from_units(units));
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
        repaired(&String::from_utf16_lossy(units), |at| units[at as usize])
    }

    fn back(text: &str) -> Vec<u16> {
        to_units(text).collect()
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
                assert_eq!(back(&from_units(units.iter().copied())), units, "{units:x?}");
                assert_eq!(back(&handed_over(&units)), units, "{units:x?}");
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
                    assert_eq!(met.insert(from_units(units.iter().copied()), units.clone()), None, "{units:x?}");
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
            let text = from_units(units.iter().copied());
            prop_assert_eq!(back(&text), units.clone());
            prop_assert_eq!(&handed_over(&units), &text);
        }

        #[test]
        fn what_is_text_is_told_as_text_and_nothing_else_is(units in any_units()) {
            let text = from_units(units.iter().copied());
            match String::from_utf16(&units) {
                Ok(real) => {
                    let told = unicode(&text).unwrap();
                    prop_assert_eq!(&*told, real.as_str());
                    prop_assert_eq!(usv(&text), told);
                    prop_assert_eq!(kept(real), text);
                }
                Err(_) => prop_assert!(unicode(&text).is_err()),
            }
        }

        #[test]
        fn any_units_come_back_from_json(units in any_units()) {
            let text = from_units(units.iter().copied());
            let json = serde_json::to_string(&[&text]).unwrap();
            let file = portable(&json);
            prop_assert!(!has_lone(&file));
            let read: Vec<String> = crate::json::read(&from_json(&file)).unwrap();
            prop_assert_eq!(back(&read[0]), units);
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
                r#""\\\\ud83d \n \u00e9 \ud83d""# => Some(format!("\\\\ud83d \n é {}", from_units([0xD83D]))),
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
            assert!(matches!(unicode(text), Ok(Cow::Borrowed(_))));
            assert!(matches!(portable(text), Cow::Borrowed(_)));
        }
        assert_eq!(portable(&from_units([0x61, 0xD83D, 0x62])), r"a\ud83db");
    }
}
