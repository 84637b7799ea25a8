//! A `Set-Cookie` line taken apart as a browser does it (RFC 6265bis §5.6), with what each part means.

use crate::{
    browser::cookies::{CookieLine, is_heeded, rules::LONGEST_LIFE},
    words::{in_words, thousands},
};

/// What is trimmed from a name and a value; no other blank is (RFC 6265bis §5.6).
const BLANKS: [char; 2] = [' ', '\t'];
/// A longer attribute value is ignored (RFC 6265bis §5.6, step 6).
const LONGEST_ATTRIBUTE: usize = 1_024;

/// The line in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SetCookie {
    pub line: CookieLine,
    /// As they stand there, those that count for nothing among them.
    pub attributes: Vec<Attribute>,
}

/// One attribute, with what a browser makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub name: String,
    /// `None` where it has no `=`.
    pub value: Option<String>,
    pub meaning: String,
}

/// How long the cookie is to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// Until the browser session ends.
    Session,
    /// For so many seconds.
    For(i64),
    /// It is to go.
    Ends,
}

impl SetCookie {
    /// `now` in UTC seconds, to say how far away a date is.
    pub fn read(line: &str, now: i64) -> Self {
        let attributes = line.split(';').skip(1).map(|part| {
            let (name, value) = match part.split_once('=') {
                Some((name, value)) => (name, Some(value.trim_matches(BLANKS).to_owned())),
                None => (part, None),
            };
            let name = name.trim_matches(BLANKS).to_owned();
            let meaning = meaning(&name, value.as_deref().unwrap_or_default(), now);
            Attribute { name, value, meaning }
        });
        let attributes =
            attributes.filter(|attribute| !attribute.name.is_empty() || attribute.value.is_some()).collect();
        let mut read = Self { line: CookieLine::parse(line), attributes };
        read.overrule();
        read
    }

    /// An attribute that comes once more later counts for nothing, unless that one is ignored; nor does `Expires` beside a `Max-Age` (§5.7, step 6).
    fn overrule(&mut self) {
        let read = self.attributes.iter().map(|Attribute { name, value, .. }| {
            let name = name.to_ascii_lowercase();
            let is_heeded = is_heeded(&name, value.as_deref().unwrap_or_default());
            (name, is_heeded)
        });
        let read: Vec<_> = read.collect();
        let has_max_age = self.line.read_max_age().is_some();
        for (place, attribute) in self.attributes.iter_mut().enumerate() {
            let (name, is_heeded) = &read[place];
            let comes_again = read[place + 1..].iter().any(|(later, heeded)| later == name && *heeded);
            if comes_again && *is_heeded {
                attribute.meaning = "counts for nothing: it comes once more later".to_owned();
            } else if name == "expires" && has_max_age {
                attribute.meaning = "counts for nothing: Max-Age goes before it".to_owned();
            }
        }
    }

    /// How long it is to live.
    pub fn life(&self, now: i64) -> Life {
        match self.line.ends(now) {
            None => Life::Session,
            Some(end) if end <= now => Life::Ends,
            Some(end) => Life::For((end - now).min(LONGEST_LIFE)),
        }
    }
}

fn meaning(name: &str, value: &str, now: i64) -> String {
    if value.len() > LONGEST_ATTRIBUTE {
        let length = thousands(value.len() as u64);
        return format!("ignored: its {length} bytes are more than the 1,024 that an attribute may have");
    }
    let lasts = |left: i64| match left {
        ..=0 => "the browser deletes the cookie".to_owned(),
        left if left > LONGEST_LIFE => format!("in {}, which browsers cut to 400 days", in_words(left)),
        left => format!("the cookie ends in {}", in_words(left)),
    };
    match name.to_ascii_lowercase().as_str() {
        "max-age" => match (CookieLine { max_age: Some(value.into()), ..CookieLine::default() }).read_max_age() {
            Some(left) => lasts(left),
            None => "ignored: not a number of seconds".to_owned(),
        },
        "expires" => match (CookieLine { expires: Some(value.into()), ..CookieLine::default() }).read_expires() {
            Some(end) => lasts(end - now),
            None => "ignored: no date can be found in it (RFC 6265bis §5.1.1)".to_owned(),
        },
        "path" if value.starts_with('/') => format!("sent with requests for {value} and what lies under it"),
        "path" => "sent with requests for the folder of the address that set it".to_owned(),
        "domain" => format!("sent to {} and to every host under it", value.trim_start_matches('.')),
        "secure" => "sent over HTTPS only; browsers count localhost as such".to_owned(),
        "httponly" => "out of reach of scripts".to_owned(),
        "samesite" => match value.to_ascii_lowercase().as_str() {
            "strict" => "sent only with requests that this site itself begins".to_owned(),
            "lax" => "sent with requests of this site, and when somebody follows a link to it".to_owned(),
            "none" => "sent with requests that other sites begin, too; needs Secure".to_owned(),
            _ => "not one of Strict, Lax and None: as if it were not there".to_owned(),
        },
        "partitioned" => "kept apart for each site in whose pages this one is framed; needs Secure".to_owned(),
        "priority" => "which cookies Chromium drops first when there are too many; no standard".to_owned(),
        _ => "ignored: no browser knows it".to_owned(),
    }
}

impl Life {
    pub fn words(self) -> String {
        match self {
            Self::Session => "A session cookie: it ends with the browser session.".to_owned(),
            Self::For(seconds) => format!("It lives for {}.", in_words(seconds)),
            Self::Ends => "It deletes the cookie.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> SetCookie {
        SetCookie::read(line, 0)
    }

    fn meanings(line: &str) -> Vec<String> {
        read(line).attributes.into_iter().map(|attribute| attribute.meaning).collect()
    }

    #[test]
    fn a_line_is_taken_apart_as_a_browser_does_it() {
        let cookie = read(" lab-a = x=y ; Path = /lab ;secure;; HttpOnly");
        assert_eq!((cookie.line.name.as_str(), cookie.line.value.as_str()), ("lab-a", "x=y"));
        let parts: Vec<_> = cookie.attributes.iter().map(|part| (part.name.as_str(), part.value.as_deref())).collect();
        assert_eq!(parts, [("Path", Some("/lab")), ("secure", None), ("HttpOnly", None)]);
        assert_eq!(
            (read("nameless; Path=/").line.name.as_str(), read("nameless").line.value.as_str()),
            ("", "nameless")
        );
    }

    #[test]
    fn max_age_goes_before_expires_and_the_last_of_its_kind_counts() {
        let date = "Expires=Thu, 01 Jan 1970 01:00:00 GMT";
        assert_eq!(read("a=1").life(0), Life::Session);
        assert_eq!(read(&format!("a=1; {date}")).life(0), Life::For(3_600));
        assert_eq!(read(&format!("a=1; Max-Age=60; {date}")).life(0), Life::For(60));
        assert_eq!(read("a=1; Max-Age=60; max-age=0").life(0), Life::Ends);
        assert_eq!(read("a=1; Max-Age=-1").life(0), Life::Ends);
        assert_eq!(read("a=1; Max-Age=99999999999999999999").life(0), Life::For(LONGEST_LIFE));
        assert_eq!(read("a=1; Max-Age=soon").life(0), Life::Session);
        assert_eq!(read(&format!("a=1; Max-Age=soon; {date}")).life(0), Life::For(3_600));
        let told = meanings(&format!("a=1; Max-Age=60; {date}; Max-Age=90"));
        assert_eq!(told[0], "counts for nothing: it comes once more later");
        assert_eq!(told[1], "counts for nothing: Max-Age goes before it");
        assert_eq!(told[2], "the cookie ends in 1 min 30 s");
    }

    #[test]
    fn dates_are_read_as_browsers_read_them() {
        for date in ["Thu, 01-Jan-1970 00:00:01 GMT", "Thu, 1 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 1601 00:00:00 GMT"] {
            let cookie = SetCookie::read(&format!("a=; Expires={date}"), 5);
            assert_eq!(
                (cookie.life(5), cookie.attributes[0].meaning.as_str()),
                (Life::Ends, "the browser deletes the cookie")
            );
        }
        assert_eq!(read("a=1; Max-Age=60; Max-Age=soon").life(0), Life::For(60));
        let told = meanings("a=1; Max-Age=60; Max-Age=soon; Expires=tomorrow");
        assert_eq!(told[..2], ["the cookie ends in 1 min", "ignored: not a number of seconds"]);
        assert!(told[2].starts_with("counts for nothing: Max-Age"), "{told:?}");
    }

    #[test]
    fn each_attribute_says_what_it_does_here() {
        let told = meanings("a=1; Max-Age=99999999; SameSite=lax; SameSite=maybe; Colour=blue; Path=lab");
        assert_eq!(told[0], "in 1157 d 9 h, which browsers cut to 400 days");
        assert_eq!(told[1], "counts for nothing: it comes once more later");
        assert!(told[2].starts_with("not one of Strict"));
        assert_eq!(told[3], "ignored: no browser knows it");
        assert!(told[4].contains("the folder of the address"));
        let long = format!("a=1; Path=/{}", "x".repeat(LONGEST_ATTRIBUTE));
        assert_eq!(meanings(&long), ["ignored: its 1,025 bytes are more than the 1,024 that an attribute may have"]);
    }
}
