//! A value in the forms that it can be read in. It reads what is there and judges nothing: no signature is ever verified, and
//! what a form alone cannot prove is told as a possibility.

use super::{
    coats::taken_off,
    ids,
    json::{Json, Kind},
    jwt, opaque,
    report::Report,
    sealed,
};
use crate::bench::moment::{Moment, moments};

/// Coats that are taken off one after the other.
const COATS: usize = 6;

/// One way to read a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    pub title: &'static str,
    /// What had to be taken off first, from the outside in.
    pub through: Vec<&'static str>,
    pub shape: Shape,
}

/// What comes out.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Text(String),
    Json(Json),
    Moments(Vec<Moment>),
    Report(Report),
}

/// Reads a value in every form: as it is, and then without each of the coats that it wears.
pub(super) fn readings(value: &str) -> Vec<Reading> {
    let mut found: Vec<Reading> = Vec::new();
    let mut through = Vec::new();
    let mut text = value.to_owned();
    let mut scalar = None;
    loop {
        let json = Json::read(&text);
        for (title, shape) in shapes(&text, &json) {
            if found.iter().all(|reading| reading.title != title) {
                found.push(Reading { title, through: through.clone(), shape });
            }
        }
        // What is within JSON stands in its tree.
        let is_tree = json.as_ref().is_ok_and(|json| matches!(json.kind(), Kind::Object | Kind::List));
        if let Ok(json) = json
            && scalar.is_none()
        {
            scalar = Some(Reading { title: "JSON tree", through: through.clone(), shape: Shape::Json(json) });
        }
        if is_tree || through.len() == COATS {
            break;
        }
        let Some((coat, within)) = taken_off(&text) else { break };
        if let Some(title) = coat.reading()
            && found.iter().all(|reading| reading.title != title)
        {
            found.push(Reading { title, through: through.clone(), shape: Shape::Text(within.clone()) });
        }
        through.push(coat.title());
        text = within;
    }
    // A number or a word alone is JSON too; the tree of what it holds says more, where it holds any.
    if found.iter().all(|reading| reading.title != "JSON tree") {
        found.extend(scalar);
    }
    if found.is_empty() {
        found.extend(opaque::read(value).map(|report| Reading {
            title: "what can be told",
            through: Vec::new(),
            shape: Shape::Report(report),
        }));
    }
    found
}

/// The forms of a text without a coat.
fn shapes(text: &str, json: &Result<Json, String>) -> Vec<(&'static str, Shape)> {
    let mut found = Vec::new();
    match json {
        Ok(json) if matches!(json.kind(), Kind::Object | Kind::List) => {
            found.extend(sealed::of_json(json).map(|(title, report)| (title, Shape::Report(report))));
            found.push(("JSON tree", Shape::Json(json.clone())));
        }
        Err(why) if text.trim_start().starts_with(['{', '[']) => {
            let notes = vec![format!("It begins like JSON, but is none. {why}")];
            found.push(("why it is no JSON", Shape::Report(Report { notes, ..Report::default() })));
        }
        _ => {}
    }
    let reports = [jwt::read(text), sealed::read(text), ids::read(text), form(text)];
    found.extend(reports.into_iter().flatten().map(|(title, report)| (title, Shape::Report(report))));
    let moments = moments(text);
    if !moments.is_empty() {
        found.push(("time in words", Shape::Moments(moments)));
    }
    found
}

/// `a=1&b=2` as forms send it (WHATWG URL §5); one pair alone may be anything.
fn form(text: &str) -> Option<(&'static str, Report)> {
    let fields = text.strip_prefix('?').unwrap_or(text);
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.[]%+$*".contains(&byte))
    };
    let pairs = fields.split('&').collect::<Vec<_>>();
    let all_named = pairs.iter().all(|pair| pair.split_once('=').is_some_and(|(name, _)| is_name(name)));
    if pairs.len() < 2 || !all_named || fields.contains(char::is_whitespace) {
        return None;
    }
    let parts = form_urlencoded::parse(fields.as_bytes()).into_owned().collect();
    Some(("form fields", Report { parts, ..Report::default() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn titles(value: &str) -> Vec<&'static str> {
        readings(value).iter().map(|reading| reading.title).collect()
    }

    fn tree(value: &str) -> (Vec<&'static str>, String) {
        let reading = readings(value).into_iter().find(|reading| reading.title == "JSON tree").unwrap();
        let Shape::Json(json) = reading.shape else { panic!("no tree") };
        (reading.through, json.source().to_owned())
    }

    #[test]
    fn json_is_found_under_what_it_wears_and_each_coat_is_named() {
        assert_eq!(tree(r#"{"a":1}"#), (vec![], r#"{"a":1}"#.into()));
        assert_eq!(tree("%7B%22a%22%3A1%7D"), (vec!["URL encoding"], r#"{"a":1}"#.into()));
        assert_eq!(tree("%257B%2522a%2522%253A1%257D").0, ["URL encoding", "URL encoding"]);
        assert_eq!(tree(r#""{\"a\":1}""#), (vec!["quotes"], r#"{"a":1}"#.into()));
        assert_eq!(tree(r#""{"a":1}""#), (vec!["quotes"], r#"{"a":1}"#.into()), "quotes of a cookie, without escapes");
        assert_eq!(tree("j%3A%7B%22a%22%3A1%7D").0, ["URL encoding", "j: (Express)"]);
        assert_eq!(tree("eyJhIjoxfQ=="), (vec!["base64"], r#"{"a":1}"#.into()));
        assert_eq!(tree("eyJhIjoi77yfIn0").0, ["base64"], "without padding");
        assert_eq!(tree("eyJhIjoxfQ%3D%3D").0, ["URL encoding", "base64"]);
        let deep = serde_json::json!({ "user": serde_json::json!({ "id": 1 }).to_string() }).to_string();
        let Shape::Json(outer) = &readings(&deep)[0].shape else { panic!("no tree") };
        assert_eq!(tree(&outer.member("user").unwrap().text().unwrap()).1, r#"{"id":1}"#);
    }

    #[test]
    fn a_word_alone_is_json_and_what_only_begins_like_it_says_why_it_is_none() {
        for text in ["12", "true", "null", "\"tea\"", "-0.10"] {
            assert_eq!(tree(text), (vec![], text.into()));
        }
        assert_eq!(titles("{tea}"), ["why it is no JSON"]);
        let Shape::Report(report) = &readings("[1,]")[0].shape else { panic!("no report") };
        assert_eq!(report.notes, ["It begins like JSON, but is none. Line 1, column 4: expected value."]);
    }

    #[test]
    fn percent_encoding_is_taken_off_where_there_is_any() {
        let decoded = |value: &str| match &readings(value).first()?.shape {
            Shape::Text(text) => Some(text.clone()),
            _ => None,
        };
        assert_eq!(decoded("Z%C3%BCrich%20HB").as_deref(), Some("Zürich HB"));
        assert_eq!([decoded("a+b"), decoded("100%"), decoded("%FF")], [None, None, None]);
    }

    #[test]
    fn fields_of_a_form_are_told_by_name() {
        let Shape::Report(report) = &readings("a=1&b=Z%C3%BCrich+HB&c%5B%5D=%7B%22x%22%3A1%7D")
            .into_iter()
            .find(|reading| reading.title == "form fields")
            .unwrap()
            .shape
        else {
            panic!("no report")
        };
        let parts = [("a", "1"), ("b", "Zürich HB"), ("c[]", r#"{"x":1}"#)];
        assert_eq!(report.parts, parts.map(|(name, value)| (name.to_owned(), value.to_owned())));
        for other in ["a=1", "tea & cake = 1", "&&", "a&b", "https://lab.example/?a=1&b=2"] {
            assert!(!titles(other).contains(&"form fields"), "{other}");
        }
    }

    proptest! {
        #[test]
        fn no_value_stops_it(
            odd in any::<String>(),
            like_json in r#"[\[\]{}",:0-9eE.\\u+\- truefalsn]{0,30}"#,
            like_token in r"(Bearer |s:|j:|v4\.public\.|Fe26\.2\*|eyJ)?[A-Za-z0-9_.:*%=&/+-]{0,60}",
            like_time in r"[0-9TZGMTe:., +-]{0,30}",
        ) {
            for value in [odd, like_json, like_token, like_time] {
                let found = readings(&value);
                let titles: std::collections::HashSet<_> = found.iter().map(|reading| reading.title).collect();
                prop_assert_eq!(titles.len(), found.len(), "{}", value);
            }
        }
    }

    #[test]
    fn a_value_has_each_form_once() {
        assert_eq!(titles("%7B%22tea%22%3A1%7D"), ["URL-decoded", "JSON tree"]);
        assert_eq!(titles(r#"{"tea":"%7B%22a%22%3A1%7D"}"#), ["JSON tree"], "of what is within, its leaf tells");
        assert_eq!(titles("1795579200"), ["time in words", "JSON tree"]);
        assert_eq!(titles("green"), Vec::<&str>::new());
        assert_eq!(titles(""), Vec::<&str>::new());
        assert_eq!(titles("dBjftJeZ4CVPmB92K27uhbUJU1p1rwW1gFWFOEjXk"), ["what can be told"]);
    }
}
