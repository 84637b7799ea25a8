//! What values wear: encodings and prefixes that say nothing themselves.

use super::json::{Json, Kind};
use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use percent_encoding::percent_decode_str;

/// Fewer bytes than these may be a word by chance.
const BASE64_TEXT: usize = 12;

/// Something that is around a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coat {
    Percent,
    Quotes,
    Bearer,
    Express,
    Base64,
}

impl Coat {
    pub fn title(self) -> &'static str {
        match self {
            Self::Percent => "URL encoding",
            Self::Quotes => "quotes",
            Self::Bearer => "Bearer",
            Self::Express => "j: (Express)",
            Self::Base64 => "base64",
        }
    }

    /// What the text without it is called, where that is worth a look by itself.
    pub fn reading(self) -> Option<&'static str> {
        match self {
            Self::Percent => Some("URL-decoded"),
            Self::Base64 => Some("base64-decoded"),
            Self::Quotes | Self::Bearer | Self::Express => None,
        }
    }
}

/// Takes the outermost coat off; `None` where there is none.
pub(super) fn taken_off(text: &str) -> Option<(Coat, String)> {
    [Coat::Bearer, Coat::Quotes, Coat::Express, Coat::Percent, Coat::Base64].into_iter().find_map(|coat| {
        let within = match coat {
            Coat::Bearer => bearer(text),
            Coat::Quotes => quotes(text),
            Coat::Express => express(text),
            Coat::Percent => percent(text),
            Coat::Base64 => base64_text(text),
        };
        Some((coat, within?))
    })
}

/// A token as it stands in the field `Authorization` (RFC 6750 §2.1), with or without the field's name.
fn bearer(text: &str) -> Option<String> {
    let text = text.trim_start();
    let field = "authorization:";
    let begins =
        |text: &str, start: &str| text.get(..start.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(start));
    let text = if begins(text, field) { text[field.len()..].trim_start() } else { text };
    begins(text, "bearer ").then(|| text["bearer ".len()..].trim().to_owned())
}

/// Quotes as JSON has them, or as they stand around a cookie's value (RFC 6265bis §4.1.1) or a pasted text.
fn quotes(text: &str) -> Option<String> {
    let text = text.trim();
    if let Ok(json) = Json::read(text) {
        return json.text();
    }
    let quotes = ['"', '\'', '`'];
    let quote =
        quotes.into_iter().find(|quote| text.len() > 1 && text.starts_with(*quote) && text.ends_with(*quote))?;
    Some(text[1..text.len() - 1].to_owned()).filter(|within| !within.is_empty() && quote.is_ascii())
}

fn express(text: &str) -> Option<String> {
    let json = text.strip_prefix("j:")?;
    Json::read(json).is_ok().then(|| json.to_owned())
}

/// The value without its percent-encoding; `None` where it has none, or where what comes out is no text.
fn percent(text: &str) -> Option<String> {
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    (decoded != text).then(|| decoded.into_owned())
}

/// base64 that is text underneath: an object or a list of JSON, or so many readable characters that it is no chance.
fn base64_text(text: &str) -> Option<String> {
    let decoded = String::from_utf8(base64(text.trim())?).ok()?;
    let is_json = Json::read(&decoded).is_ok_and(|json| matches!(json.kind(), Kind::Object | Kind::List));
    let is_text = decoded.len() >= BASE64_TEXT && !decoded.chars().any(|c| c.is_control() && !c.is_whitespace());
    (is_json || is_text).then_some(decoded)
}

/// base64 in either alphabet, with or without padding (RFC 4648 §4 and §5).
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &URL_SAFE,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    ENGINE.decode(text.replace('+', "-").replace('/', "_")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(text: &str) -> Option<(Coat, String)> {
        taken_off(text)
    }

    #[test]
    fn the_outermost_coat_is_taken_off() {
        let is = |coat, text: &str| Some((coat, text.to_owned()));
        assert_eq!(off("Bearer abc.def"), is(Coat::Bearer, "abc.def"));
        assert_eq!(off("authorization: bearer  abc \n"), is(Coat::Bearer, "abc"));
        assert_eq!(off(r#""a\u00e9""#), is(Coat::Quotes, "aé"));
        assert_eq!(off("'x'"), is(Coat::Quotes, "x"));
        assert_eq!(off("j:[1]"), is(Coat::Express, "[1]"));
        assert_eq!(off("a%20b"), is(Coat::Percent, "a b"));
        assert_eq!(off("Z3JlZW4gdGVhLCBwbGVhc2U="), is(Coat::Base64, "green tea, please"));
        for bare in ["", "\"", "green", "j:green", "cGFzcw==", "100%", "{\"a\":1}"] {
            assert_eq!(off(bare), None, "{bare}");
        }
    }

    #[test]
    fn base64_is_read_in_either_alphabet() {
        for text in ["-_8", "+/8=", "+/8", "-_8="] {
            assert_eq!(base64(text), Some(vec![251, 255]), "{text}");
        }
        assert_eq!(base64("a"), None);
    }
}
