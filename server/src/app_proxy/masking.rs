//! What is shown of values that may be secret: how they begin and how long they are, unless they are asked for.

/// How many characters of a value are shown; a value shorter than four times as many would be told by them.
const BEGINNING: usize = 4;

/// Whether values are shown as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Masking {
    pub shows_values: bool,
}

impl Masking {
    /// A value.
    pub fn value(self, value: &str) -> String {
        if self.shows_values || value.is_empty() {
            return value.to_owned();
        }
        let shown = if value.chars().count() >= 4 * BEGINNING { BEGINNING } else { 0 };
        let beginning: String = value.chars().take(shown).collect();
        format!("{beginning}… ({} bytes)", value.len())
    }

    /// A `Set-Cookie` line.
    pub fn line(self, line: &str) -> String {
        with_value(line, |value| self.value(value))
    }

    /// A line to be copied: without its value where that is masked.
    pub fn remedy(self, line: &str) -> String {
        with_value(
            line,
            |value| if self.shows_values || value.is_empty() { value.to_owned() } else { "VALUE".to_owned() },
        )
    }

    /// An address: the values in a query, a fragment or a path's parameters (RFC 3986 §3.3) may be codes and tokens.
    pub fn address(self, address: &str) -> String {
        let Some(begin) = address.find([';', '?', '#']).filter(|_| !self.shows_values) else {
            return address.to_owned();
        };
        let (path, fields) = address.split_at(begin);
        let ends = [';', '?', '#', '&'];
        let masked = fields.split_inclusive(ends).map(|field| {
            let (field, end) = field.split_at(field.trim_end_matches(ends).len());
            match field.split_once('=') {
                Some((name, value)) if !value.is_empty() => format!("{name}=…{end}"),
                _ => format!("{field}{end}"),
            }
        });
        format!("{path}{}", masked.collect::<String>())
    }
}

fn with_value(line: &str, spelled: impl Fn(&str) -> String) -> String {
    let (pair, attributes) = line.split_once(';').map_or((line, ""), |(pair, rest)| (pair, rest));
    let (name, value) = pair.split_once('=').map_or(("", pair), |(name, value)| (name, value.trim()));
    let equals = if pair.contains('=') { "=" } else { "" };
    let rest = if line.contains(';') { format!(";{attributes}") } else { String::new() };
    format!("{name}{equals}{}{rest}", spelled(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_masked_unless_they_are_asked_for() {
        let (masked, shown) = (Masking::default(), Masking { shows_values: true });
        assert_eq!(masked.value("abcdefghijklmnop"), "abcd… (16 bytes)");
        assert_eq!(masked.value("abcdefghijklmno"), "… (15 bytes)");
        assert_eq!((masked.value("é"), masked.value("")), ("… (2 bytes)".to_owned(), String::new()));
        assert_eq!(masked.line("sid=abcdefghijklmnop; Path=/; HttpOnly"), "sid=abcd… (16 bytes); Path=/; HttpOnly");
        assert_eq!((masked.line("abcdefgh"), masked.line("sid=")), ("… (8 bytes)".to_owned(), "sid=".to_owned()));
        assert_eq!(masked.remedy("sid=abcdefghij; Path=/"), "sid=VALUE; Path=/");
        for (address, told) in [
            ("/a?code=secret&b&c=", "/a?code=…&b&c="),
            ("http://a.test/#token=secret&b?c=d", "http://a.test/#token=…&b?c=…"),
            ("/a;jsessionid=secret?b=c", "/a;jsessionid=…?b=…"),
            ("/a;jsessionid=secret/b", "/a;jsessionid=…"),
            ("/a=b/c", "/a=b/c"),
        ] {
            assert_eq!(masked.address(address), told);
        }
        for text in ["abcdefghij", "sid=abcdefghij; Path=/", "/a?code=secret"] {
            assert_eq!([shown.value(text), shown.line(text), shown.address(text)], [text; 3]);
        }
    }
}
