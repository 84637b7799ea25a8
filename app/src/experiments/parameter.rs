//! What a visitor can change about an experiment, in the page and in its link.

use crate::words::thousands;
use std::ops::RangeInclusive;

/// One thing that can be changed.
pub(crate) struct Parameter {
    /// Its name in the link.
    pub name: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    pub values: Values,
}

/// What it may be.
pub(crate) enum Values {
    Number {
        from: u32,
        to: u32,
        at_first: u32,
    },
    /// The spelling in the link and the words on the page; the first is chosen at first.
    Choice(&'static [(&'static str, &'static str)]),
    Text {
        longest: usize,
        at_first: &'static str,
    },
    /// What is typed for one run and stands in no link; a secret is hidden, and forgotten once the run has it.
    Own {
        secret: bool,
    },
}

/// The longest that a visitor's own value may be, in bytes.
const OWN_LIMIT: usize = 512;

impl Parameter {
    /// A whole number, by a field and a slider.
    pub const fn number(name: &'static str, label: &'static str, range: RangeInclusive<u32>, at_first: u32) -> Self {
        Self { name, label, values: Values::Number { from: *range.start(), to: *range.end(), at_first } }
    }

    /// One of a few; the first is chosen at first.
    pub const fn choice(
        name: &'static str,
        label: &'static str,
        choices: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { name, label, values: Values::Choice(choices) }
    }

    /// A word: letters, digits, `-`, `_` and `.`, so that it can stand in an address and in a cookie as it is.
    pub const fn word(name: &'static str, label: &'static str, longest: usize, at_first: &'static str) -> Self {
        Self { name, label, values: Values::Text { longest, at_first } }
    }

    /// A name of the visitor's own; may be empty.
    pub const fn own(name: &'static str, label: &'static str) -> Self {
        Self { name, label, values: Values::Own { secret: false } }
    }

    /// A password of the visitor's own; may be empty.
    pub const fn password(name: &'static str, label: &'static str) -> Self {
        Self { name, label, values: Values::Own { secret: true } }
    }

    /// Whether it is for the run alone, and not for the link.
    fn stays_here(&self) -> bool {
        matches!(self.values, Values::Own { .. })
    }

    /// Whether it is to be forgotten once a run has it.
    pub fn is_secret(&self) -> bool {
        matches!(self.values, Values::Own { secret: true })
    }

    /// What it is when nobody changes it.
    pub fn at_first(&self) -> String {
        match self.values {
            Values::Number { at_first, .. } => at_first.to_string(),
            Values::Choice(choices) => choices.first().map_or("", |(spelling, _)| spelling).to_owned(),
            Values::Text { at_first, .. } => at_first.to_owned(),
            Values::Own { .. } => String::new(),
        }
    }

    /// Whether it may be that.
    pub fn takes(&self, value: &str) -> bool {
        match self.values {
            Values::Number { from, to, .. } => value.parse().is_ok_and(|number: u32| (from..=to).contains(&number)),
            Values::Choice(choices) => choices.iter().any(|(spelling, _)| *spelling == value),
            Values::Text { longest, .. } => {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
                (1..=longest).contains(&value.len()) && value.bytes().all(plain)
            }
            Values::Own { .. } => value.len() <= OWN_LIMIT,
        }
    }

    /// What it may be, in words.
    pub fn rule(&self) -> String {
        match self.values {
            Values::Number { from, to, .. } => {
                format!("a whole number from {} to {}", thousands(from.into()), thousands(to.into()))
            }
            Values::Choice(_) => "one of those in the list".to_owned(),
            Values::Text { longest, .. } => format!("1 to {longest} letters, digits or - _ ."),
            Values::Own { .. } => format!("at most {OWN_LIMIT} bytes"),
        }
    }
}

/// The values in a link, in the order of the parameters, and the labels of those that could not be used.
pub(super) fn read_link(
    parameters: &'static [Parameter],
    given: impl Fn(&str) -> Option<String>,
) -> (Vec<String>, Vec<&'static Parameter>) {
    let mut unusable = Vec::new();
    let read = |parameter: &'static Parameter| match given(parameter.name) {
        _ if parameter.stays_here() => parameter.at_first(),
        Some(value) if parameter.takes(&value) => value,
        Some(_) => {
            unusable.push(parameter);
            parameter.at_first()
        }
        None => parameter.at_first(),
    };
    let values = parameters.iter().map(read).collect();
    (values, unusable)
}

/// The query of a link that has these values; without those that are as at first.
pub(super) fn query(parameters: &[Parameter], values: &[String]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (parameter, value) in parameters.iter().zip(values) {
        if *value != parameter.at_first() && !parameter.stays_here() {
            query.append_pair(parameter.name, value);
        }
    }
    match query.finish() {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_visitors_own_stands_in_no_link() {
        static OWN: [Parameter; 2] =
            [Parameter::own("username", "Username"), Parameter::password("password", "Password")];
        assert_eq!(query(&OWN, &["ada", "secret"].map(String::from)), "");
        let (values, unusable) = read_link(&OWN, |_| Some("planted".into()));
        assert_eq!((values, unusable.len()), (vec![String::new(); 2], 0));
    }

    static PARAMETERS: [Parameter; 3] = [
        Parameter::number("bytes", "Bytes", 1..=8_192, 4_096),
        Parameter::choice("by", "Set by", &[("script", "a script"), ("http", "the server")]),
        Parameter::word("visitor", "Visitor", 8, "me"),
    ];

    fn read(link: &[(&str, &str)]) -> (Vec<String>, Vec<&'static str>) {
        let given = |name: &str| link.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned());
        let (values, unusable) = read_link(&PARAMETERS, given);
        (values, unusable.iter().map(|parameter| parameter.name).collect())
    }

    #[test]
    fn a_link_gives_the_values_it_names_and_the_others_stay() {
        assert_eq!(read(&[]), (["4096", "script", "me"].map(String::from).to_vec(), vec![]));
        let (values, unusable) = read(&[("by", "http"), ("bytes", "1")]);
        assert_eq!((values, unusable), (["1", "http", "me"].map(String::from).to_vec(), vec![]));
    }

    #[test]
    fn a_value_that_may_not_be_falls_back_and_is_named() {
        for link in [
            [("bytes", "0"), ("by", "x"), ("visitor", "")],
            [("bytes", "8193"), ("by", ""), ("visitor", "a b")],
            [("bytes", "-1"), ("by", "HTTP"), ("visitor", "123456789")],
        ] {
            let first = ["4096", "script", "me"].map(String::from).to_vec();
            assert_eq!(read(&link), (first, vec!["bytes", "by", "visitor"]));
        }
    }

    #[test]
    fn a_link_names_only_what_was_changed() {
        let query = |values: [&str; 3]| query(&PARAMETERS, &values.map(String::from));
        assert_eq!(query(["4096", "script", "me"]), "");
        assert_eq!(query(["1", "script", "you"]), "?bytes=1&visitor=you");
    }
}
