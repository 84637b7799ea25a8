//! JSON as it is written: a reader into numbers and maps would lose digits, names that stand twice, and halves of characters.
//! serde_json finds where each value stands (`RawValue`), one level at a time, so that no depth is too deep.

use crate::{
    json::told,
    text::{
        label,
        units::{from_units, to_units},
    },
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{collections::HashMap, fmt, ops::Range, sync::Arc};

/// Bytes that are read in search of names that stand twice; each is read once for each level above it.
const SEARCHED: usize = 50_000_000;

/// A value, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Json {
    whole: Arc<str>,
    place: Range<usize>,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    List,
    Text,
    Number,
    /// `true`, `false` or `null`.
    Word,
}

impl Json {
    /// Reads a JSON text (RFC 8259). A byte order mark before it is passed over, as §8.1 allows.
    ///
    /// # Errors
    /// What is wrong with it, with the place.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match serde_json::from_slice::<&RawValue>(text.as_bytes()) {
            Ok(raw) => Ok(Self { whole: text.into(), place: place(text, raw.get()) }),
            Err(error) => Err(told(text, &error)),
        }
    }

    /// As it is written.
    pub fn source(&self) -> &str {
        &self.whole[self.place.clone()]
    }

    pub fn kind(&self) -> Kind {
        match self.source().as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::Text,
            Some(b't' | b'f' | b'n') => Kind::Word,
            _ => Kind::Number,
        }
    }

    /// The members of an object with their names, or the items of a list with their numbers, in their order.
    pub fn members(&self) -> Vec<(String, Self)> {
        let members = level(self.source()).into_iter().enumerate();
        let within = |raw: &str| Self { whole: self.whole.clone(), place: place(&self.whole, raw) };
        members.map(|(at, (name, raw))| (name.map_or_else(|| at.to_string(), decoded), within(raw))).collect()
    }

    /// The members of one name. Where there are several the last is what readers keep (ECMA-262 §25.5.1, RFC 7519 §4).
    pub fn all(&self, name: &str) -> Vec<Self> {
        self.members().into_iter().filter(|(key, _)| key == name).map(|(_, member)| member).collect()
    }

    pub fn member(&self, name: &str) -> Option<Self> {
        self.all(name).pop()
    }

    /// What a string says.
    pub fn text(&self) -> Option<String> {
        (self.kind() == Kind::Text).then(|| decoded(self.source()))
    }

    /// A leaf for the eye: numbers and words as they stand, strings without the escapes that nobody needs. What does not show
    /// is left to whoever draws it.
    pub fn shown(&self) -> String {
        match self.kind() {
            Kind::Text => quoted(&decoded(self.source())),
            _ => self.source().to_owned(),
        }
    }

    /// The names that stand more than once in one object, with the way to it; false where not everything was searched.
    pub fn twice(&self) -> (Vec<String>, bool) {
        let (mut found, mut left) = (Vec::new(), SEARCHED);
        let mut open = vec![(String::new(), self.source())];
        while let Some((way, source)) = open.pop() {
            left = match left.checked_sub(source.len()) {
                Some(left) => left,
                None => return (found, false),
            };
            let members = level(source);
            let mut counts: HashMap<String, usize> = HashMap::new();
            for name in members.iter().filter_map(|(name, _)| *name) {
                *counts.entry(decoded(name)).or_default() += 1;
            }
            let mut several: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
            several.sort_unstable();
            found.extend(several.into_iter().map(|(name, count)| {
                let way = if way.is_empty() { String::new() } else { format!(" in {way}") };
                format!("{} stands {count} times{way}", label(&name))
            }));
            for (at, (name, raw)) in members.into_iter().enumerate().rev() {
                if raw.starts_with(['{', '[']) {
                    let step = name.map_or_else(|| at.to_string(), decoded);
                    open.push((if way.is_empty() { step } else { format!("{way}.{step}") }, raw));
                }
            }
        }
        (found, true)
    }
}

/// One level: the values with their names where they have any, as they are written.
fn level(source: &str) -> Vec<(Option<&str>, &str)> {
    struct Level<'a>(Vec<(Option<&'a str>, &'a str)>);
    impl<'de: 'a, 'a> Deserialize<'de> for Level<'a> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Reader)
        }
    }
    struct Reader;
    impl<'de> Visitor<'de> for Reader {
        type Value = Level<'de>;
        fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
            formatter.write_str("an object or a list")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Level<'de>, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = list.next_element::<&RawValue>()? {
                items.push((None, item.get()));
            }
            Ok(Level(items))
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Level<'de>, A::Error> {
            let mut members = Vec::new();
            while let Some((name, member)) = map.next_entry::<&RawValue, &RawValue>()? {
                members.push((Some(name.get()), member.get()));
            }
            Ok(Level(members))
        }
    }
    serde_json::from_slice::<Level>(source.as_bytes()).map_or_else(|_| Vec::new(), |level| level.0)
}

/// Where a part of a text stands in it.
fn place(whole: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    start..start + part.len()
}

/// What a string in its quotes says (RFC 8259 §7), half a character as the unit that it is.
fn decoded(source: &str) -> String {
    let mut rest = source.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(source);
    if !rest.contains('\\') {
        return rest.to_owned();
    }
    let mut units = Vec::with_capacity(rest.len());
    while let Some((before, escape)) = rest.split_once('\\') {
        units.extend(to_units(before));
        let digits = escape.strip_prefix('u').and_then(|digits| digits.get(..4));
        let (unit, taken) = match (digits, escape.bytes().next()) {
            (Some(digits), _) => (u16::from_str_radix(digits, 16).unwrap_or_default(), 5),
            (None, Some(b'b')) => (0x8, 1),
            (None, Some(b'f')) => (0xc, 1),
            (None, Some(b'n')) => (0xa, 1),
            (None, Some(b'r')) => (0xd, 1),
            (None, Some(b't')) => (0x9, 1),
            (None, Some(other)) => (other.into(), 1),
            (None, None) => break,
        };
        units.push(unit);
        rest = escape.get(taken..).unwrap_or_default();
    }
    units.extend(to_units(rest));
    from_units(&units)
}

/// A string in quotes with the escapes that it needs to be read unambiguously.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json(text: &str) -> Json {
        Json::read(text).unwrap()
    }

    fn shown(text: &str) -> Vec<(String, String)> {
        json(text).members().into_iter().map(|(name, member)| (name, member.shown())).collect()
    }

    #[test]
    fn numbers_are_shown_as_they_stand() {
        let numbers = ["12345678901234567890123", "1.10", "1.0", "1e400", "-0", "1E+2", "0.1000", "-0.0e-0", "1e-999"];
        let list = json(&format!("[ {} ]", numbers.join(" ,\n ")));
        assert_eq!(list.members().iter().map(|(_, item)| item.source()).collect::<Vec<_>>(), numbers);
        assert!(list.members().iter().all(|(_, item)| item.kind() == Kind::Number));
    }

    #[test]
    fn members_keep_their_order_and_the_last_of_a_name_counts() {
        let object = json(r#"{"b":[1,null,-2.5],"a":"x\"y","b":true}"#);
        let names: Vec<_> = object.members().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["b", "a", "b"]);
        assert_eq!(object.member("b").unwrap().source(), "true");
        assert_eq!(object.all("b")[0].source(), "[1,null,-2.5]");
        assert_eq!(object.member("c"), None);
    }

    #[test]
    fn a_name_that_stands_twice_is_told_with_the_way_to_it() {
        let text = r#"{"id":1,"user":{"a":1,"\u0061":2,"list":[{"x":1,"x":2,"x":3}]},"ID":2}"#;
        let expected = ["a stands 2 times in user", "x stands 3 times in user.list.0"];
        assert_eq!(json(text).twice(), (expected.map(str::to_owned).to_vec(), true));
        assert_eq!(json(r#"{"a":1,"b":{"a":1}}"#).twice(), (Vec::new(), true));
        assert_eq!(json(r#"{"":1,"":2}"#).twice().0, ["(empty name) stands 2 times"]);
    }

    #[test]
    fn strings_are_decoded_and_half_a_character_stays_one() {
        let text = r#"{"plain":"Z\u00fcrich \/ \ud83d\ude00","half":"a\ud83db","turned":"a\u202eb","line":"a\nb\u0000","quote":"say \"hi\" \\"}"#;
        let half = from_units(&[0xd83d]);
        let expected = [
            ("plain", "\"Zürich / 😀\""),
            ("half", &format!("\"a{half}b\"")),
            ("turned", "\"a\u{202e}b\""),
            ("line", "\"a\\nb\0\""),
            ("quote", r#""say \"hi\" \\""#),
        ];
        assert_eq!(shown(text), expected.map(|(name, leaf)| (name.to_owned(), leaf.to_owned())));
        assert_eq!(json(r#""a\tb\"""#).text().as_deref(), Some("a\tb\""));
        assert_eq!(
            json(r#""\ude00\ud83d\ud83d\ude00""#).text().as_deref(),
            Some(&*format!("{}😀", from_units(&[0xde00, 0xd83d])))
        );
        assert_eq!(shown("{\"a\u{202e}\":1}")[0].0, "a\u{202e}");
    }

    /// A JSON text, and its leaves in their order.
    type Text = (String, Vec<String>);

    fn texts() -> impl Strategy<Value = Text> {
        let number = r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,5})?";
        let string = r#""([a-z é漢😀]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}){0,6}""#;
        let leaf = prop_oneof![number, string, "true|false|null"].prop_map(|leaf: String| (leaf.clone(), vec![leaf]));
        let joined = |open: &'static str, close: &'static str| {
            move |(members, blanks): (Vec<(String, Text)>, String)| {
                let texts = members
                    .iter()
                    .map(|(name, (text, _))| if open == "{" { format!("{name}{blanks}:{text}") } else { text.clone() });
                let text =
                    format!("{open}{blanks}{}{close}{blanks}", texts.collect::<Vec<_>>().join(&format!("{blanks},")));
                (text, members.into_iter().flat_map(|(_, (_, leaves))| leaves).collect())
            }
        };
        leaf.prop_recursive(4, 40, 6, move |inner| {
            let members = (proptest::collection::vec((string, inner), 0..6), "[ \t\r\n]{0,2}");
            let members = members.boxed();
            prop_oneof![members.clone().prop_map(joined("{", "}")), members.prop_map(joined("[", "]"))]
        })
    }

    fn leaves(json: &Json) -> Vec<String> {
        match json.kind() {
            Kind::Object | Kind::List => json.members().iter().flat_map(|(_, member)| leaves(member)).collect(),
            _ => vec![json.source().to_owned()],
        }
    }

    proptest! {
        #[test]
        fn every_leaf_of_any_text_is_found_as_it_is_written((text, expected) in texts()) {
            prop_assert_eq!(leaves(&json(&text)), expected);
        }

        #[test]
        fn a_string_is_decoded_as_other_readers_decode_it(string in any::<String>()) {
            let source = serde_json::Value::from(string.as_str()).to_string();
            prop_assert_eq!(json(&source).text().unwrap(), string.as_str());
            let escaped: String = string.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(json(&format!("\"{escaped}\"")).text().unwrap(), from_units(&string.encode_utf16().collect::<Vec<_>>()));
        }
    }

    #[test]
    fn every_json_text_is_read_however_deep() {
        for text in ["1", " -1.5e3\n", "\"\"", "true", "null", "[]", "{}", "\u{feff}[1]", "[[],{}]"] {
            assert!(Json::read(text).is_ok(), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(json(&deep).members()[0].1.members().len(), 1);
        assert!(!json(&deep).twice().1, "not all of it is searched");
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        let wrong = |text: &str| Json::read(text).unwrap_err();
        assert_eq!(wrong("{\"é\": 1,\n \"ü\": 01}"), "Line 2, column 8: invalid number.");
        assert_eq!(wrong("[1,]"), "Line 1, column 4: expected value.");
        assert!(wrong("{'a':1}").starts_with("Line 1, column 2: key must be a string"));
        for text in ["", "NaN", "[1 2]", "\"\u{1}\"", "\"\\x\"", "+1", ".5", "1.", "[1]]", "tru", "\"\\u12\""] {
            assert!(wrong(text).starts_with("Line 1, column "), "{text}");
        }
    }
}
