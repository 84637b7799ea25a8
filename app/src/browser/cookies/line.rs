//! A cookie as it is spelled: every attribute, rendered to the exact text and parsed back as browsers parse it.

use super::date;
use crate::{
    browser::{
        draft::Draft,
        entry::{CookieFlags, Expires, SameSite},
        names::is_lab_name,
        sizes::bytes,
    },
    words::utc,
};

/// Most bytes of an attribute's value; a longer one is ignored (RFC 6265bis §5.6).
const ATTRIBUTE_LIMIT_BYTES: usize = 1_024;

/// Who hands a cookie to the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// `document.cookie`.
    Script,
    /// `Set-Cookie`, sent by the lab's server.
    Http,
}

/// How a cookie's name begins when the browser shall vouch for its attributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Prefix {
    #[default]
    None,
    Secure,
    Host,
    Http,
    HostHttp,
}

impl Prefix {
    pub const ALL: [Self; 5] = [Self::None, Self::Secure, Self::Host, Self::Http, Self::HostHttp];

    pub fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Secure => "__Secure-",
            Self::Host => "__Host-",
            Self::Http => "__Http-",
            Self::HostHttp => "__Host-Http-",
        }
    }

    /// The prefix of a name; browsers read it without regard to case (RFC 6265bis §5.4).
    pub fn of(name: &str) -> Self {
        let begins = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let longest_first = Self::ALL.into_iter().rev();
        longest_first.into_iter().find(|prefix| begins(prefix.text())).unwrap_or_default()
    }
}

/// A cookie's line. Texts are kept as they were typed, so that what a browser makes of odd ones can be tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CookieLine {
    pub name: String,
    pub value: String,
    /// Seconds.
    pub max_age: Option<String>,
    /// A date (RFC 6265bis §5.1.1).
    pub expires: Option<String>,
    pub path: Option<String>,
    pub domain: Option<String>,
    pub secure: bool,
    pub http_only: bool,
    pub same_site: SameSite,
    pub partitioned: bool,
    /// Attributes that no browser heeds, as they stand.
    pub unknown: Vec<String>,
}

impl CookieLine {
    /// The line that puts a draft into the browser. What is not known of it is left out; `SameSite` is then `Lax`, and a
    /// prefix brings `Secure` along.
    pub fn of(draft: &Draft) -> Self {
        let CookieFlags { domain, secure, http_only, same_site, partitioned } = draft.flags.clone();
        Self {
            name: draft.name.clone(),
            value: draft.value.to_string(),
            max_age: None,
            expires: match draft.expires {
                Expires::At(second) => Some(utc(second)),
                _ => None,
            },
            path: Some(draft.path.clone().unwrap_or_else(|| "/".into())),
            domain,
            secure: secure.unwrap_or_else(|| Prefix::of(&draft.name) != Prefix::None),
            http_only: http_only == Some(true),
            same_site: same_site.unwrap_or(SameSite::Lax),
            partitioned: partitioned == Some(true),
            unknown: Vec::new(),
        }
    }

    /// The line that deletes the cookie which this one sets (RFC 6265bis §5.7, step 23: name, domain and path must be
    /// the same, and so must the partition). Without a name it needs a value: a cookie without both is none (step 2).
    pub fn deletion(&self) -> Self {
        let value = if self.name.is_empty() { "deleted".to_owned() } else { String::new() };
        Self { value, max_age: Some("0".into()), expires: None, unknown: Vec::new(), ..self.clone() }
    }

    /// What the browser keeps of it when it takes it as it stands at `now`, in UTC seconds.
    pub fn draft(&self, carrier: Carrier, now: i64) -> Draft {
        let flags = CookieFlags {
            domain: self.read_domain().map(str::to_ascii_lowercase),
            secure: Some(self.secure),
            http_only: Some(self.http_only),
            same_site: Some(self.same_site),
            partitioned: Some(self.partitioned),
        };
        let path = Some(self.effective_path(carrier).to_owned());
        let expires = self.ends(now).map_or(Expires::BrowserSession, Expires::At);
        Draft { expires, path, flags, ..Draft::new(self.name.clone(), self.kept_value()) }
    }

    /// As the header `Set-Cookie` and `document.cookie` spell it.
    pub fn text(&self) -> String {
        let mut line = pair(&self.name, &self.value);
        if self.name.is_empty() && (self.value.is_empty() || self.value.contains('=')) {
            // Without one more before it, what stands before the first would be its name.
            line.insert(0, '=');
        }
        let texts =
            [("Max-Age", &self.max_age), ("Expires", &self.expires), ("Path", &self.path), ("Domain", &self.domain)];
        for (name, value) in texts {
            if let Some(value) = value {
                line.push_str(&format!("; {name}={value}"));
            }
        }
        match self.same_site {
            SameSite::Unspecified => {}
            SameSite::Lax => line.push_str("; SameSite=Lax"),
            SameSite::Strict => line.push_str("; SameSite=Strict"),
            SameSite::None => line.push_str("; SameSite=None"),
        }
        for (name, there) in [("Secure", self.secure), ("HttpOnly", self.http_only), ("Partitioned", self.partitioned)]
        {
            if there {
                line.push_str(&format!("; {name}"));
            }
        }
        for attribute in &self.unknown {
            line.push_str(&format!("; {attribute}"));
        }
        line
    }

    /// Reads a line as browsers do (RFC 6265bis §5.6): of several attributes of one name the last one counts that is not to
    /// be ignored, unknown ones do not, and a pair without `=` is a value without a name.
    pub fn parse(line: &str) -> Self {
        let pair = line.split(';').next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let mut parsed = Self { name: trimmed(name).into(), value: trimmed(value).into(), ..Self::default() };
        for (name, value, part) in attributes(line) {
            let counts = is_heeded(&name, value);
            // One that is ignored is kept all the same where it is the only one, so that it can be told.
            let read = |text: &mut Option<String>| {
                if counts || text.is_none() {
                    *text = Some(value.to_owned());
                }
            };
            match name.as_str() {
                "max-age" => read(&mut parsed.max_age),
                "expires" => read(&mut parsed.expires),
                "path" => read(&mut parsed.path),
                "domain" => read(&mut parsed.domain),
                "secure" if counts => parsed.secure = true,
                "httponly" if counts => parsed.http_only = true,
                "partitioned" if counts => parsed.partitioned = true,
                "samesite" if counts => parsed.same_site = same_site(value),
                "" if value.is_empty() => {}
                _ => parsed.unknown.push(part.to_owned()),
            }
        }
        parsed
    }

    /// The value that a browser keeps: without the blanks around it.
    pub fn kept_value(&self) -> &str {
        trimmed(&self.value)
    }

    /// Bytes of name and value, which the limit is about and which a server receives.
    pub fn pair_bytes(&self) -> u32 {
        bytes(trimmed(&self.name)) + bytes(self.kept_value())
    }

    /// The path that the browser gives it: its own where that is one, else the folder of the page or of the request
    /// that sets it (RFC 6265bis §5.1.4).
    pub fn effective_path(&self, carrier: Carrier) -> &str {
        match self.read_path() {
            Some(path) => path,
            None if carrier == Carrier::Http => "/lab",
            None => "/",
        }
    }

    /// Its attribute `Path` where a browser reads one.
    pub fn read_path(&self) -> Option<&str> {
        readable(self.path.as_deref()).filter(|path| path.starts_with('/'))
    }

    /// Its attribute `Domain` where a browser reads one, without the dot before it (RFC 6265bis §5.6.3).
    pub fn read_domain(&self) -> Option<&str> {
        let domain = readable(self.domain.as_deref())?;
        Some(domain.strip_prefix('.').unwrap_or(domain)).filter(|domain| !domain.is_empty())
    }

    /// Its attribute `Max-Age` where a browser reads one.
    pub fn read_max_age(&self) -> Option<i64> {
        whole_number(readable(self.max_age.as_deref())?)
    }

    /// Its attribute `Expires` where a browser finds a date in it; UTC seconds.
    pub fn read_expires(&self) -> Option<i64> {
        date::parse(readable(self.expires.as_deref())?)
    }

    /// When it ends by its own word, UTC seconds: `Max-Age` comes before `Expires` (RFC 6265bis §5.7, step 6).
    pub fn ends(&self, now: i64) -> Option<i64> {
        self.read_max_age().map(|seconds| now.saturating_add(seconds)).or_else(|| self.read_expires())
    }

    /// Whether it is a deletion by its own word.
    pub fn deletes(&self, now: i64) -> bool {
        self.ends(now).is_some_and(|end| end <= now)
    }

    /// Whether the lab may make it: under a name of its own, or without name and value, which no browser keeps.
    pub fn is_the_labs(&self) -> bool {
        let nameless = self.name.is_empty() && (self.value.is_empty() || Prefix::of(&self.value) != Prefix::None);
        nameless || is_lab_name(&self.name)
    }
}

/// A cookie as browsers send it, a nameless one by its value alone (RFC 6265bis §5.8.3).
pub(crate) fn pair(name: &str, value: &str) -> String {
    if name.is_empty() { value.to_owned() } else { format!("{name}={value}") }
}

/// The attributes of a line: the name in small letters, the value, and both as they stand.
pub(super) fn attributes(line: &str) -> impl Iterator<Item = (String, &str, &str)> {
    line.split(';').skip(1).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (trimmed(name).to_ascii_lowercase(), trimmed(value), trimmed(part))
    })
}

/// Whether browsers heed an attribute, or read on as if it were not there; its name in small letters.
pub(crate) fn is_heeded(name: &str, value: &str) -> bool {
    value.len() <= ATTRIBUTE_LIMIT_BYTES
        && !value.chars().any(is_control)
        && match name {
            "max-age" => whole_number(value).is_some(),
            "expires" => date::parse(value).is_some(),
            _ => true,
        }
}

/// The number of `Max-Age` (RFC 6265bis §5.6.2); too many digits mean the longest time.
fn whole_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let longest = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    is_number.then(|| text.parse().unwrap_or(longest))
}

/// What may stand nowhere in a line: control characters of ASCII but for the tab. Those of Unicode are octets like others.
pub(super) fn is_control(c: char) -> bool {
    c.is_ascii_control() && c != '\t'
}

fn same_site(value: &str) -> SameSite {
    let known = [("lax", SameSite::Lax), ("strict", SameSite::Strict), ("none", SameSite::None)];
    known.into_iter().find(|(name, _)| value.eq_ignore_ascii_case(name)).map_or(SameSite::Unspecified, |(_, kind)| kind)
}

/// Without blanks and tabs around it, which browsers cut off.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

fn readable(attribute: Option<&str>) -> Option<&str> {
    attribute.map(trimmed).filter(|value| !value.is_empty() && value.len() <= ATTRIBUTE_LIMIT_BYTES)
}

/// Whether an attribute's value is so long that browsers ignore it.
pub(crate) fn too_long(attribute: Option<&String>) -> bool {
    attribute.is_some_and(|value| value.len() > ATTRIBUTE_LIMIT_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Option<String> {
        Some(value.into())
    }

    #[test]
    fn every_attribute_is_rendered_and_read_back() {
        let line = CookieLine {
            name: "__Secure-lab-tea".into(),
            value: "green=1".into(),
            max_age: text("60"),
            expires: text("Thu, 01 Jan 2037 00:00:00 GMT"),
            path: text("/lab/echo"),
            domain: text("localhost"),
            secure: true,
            http_only: true,
            same_site: SameSite::None,
            partitioned: true,
            unknown: vec!["Priority=High".into()],
        };
        assert_eq!(
            line.text(),
            "__Secure-lab-tea=green=1; Max-Age=60; Expires=Thu, 01 Jan 2037 00:00:00 GMT; Path=/lab/echo; \
             Domain=localhost; SameSite=None; Secure; HttpOnly; Partitioned; Priority=High"
        );
        assert_eq!(CookieLine::parse(&line.text()), line);
        let plain = CookieLine { name: "lab-a".into(), value: "1".into(), ..CookieLine::default() };
        assert_eq!(plain.text(), "lab-a=1");
        assert_eq!(CookieLine::parse("lab-a=1"), plain);
    }

    #[test]
    fn a_line_is_read_as_browsers_read_it() {
        let line = CookieLine::parse(" lab-a \t= 1 ;PATH=/x; path=/y ;unknown=1; samesite=LAX; secure=no;;HttpOnly");
        assert_eq!((line.name.as_str(), line.value.as_str()), ("lab-a", "1"));
        assert_eq!((line.path.as_deref(), line.same_site), (Some("/y"), SameSite::Lax));
        assert!(line.secure && line.http_only && !line.partitioned);
        assert_eq!(CookieLine::parse("nameless").value, "nameless");
        assert_eq!(CookieLine::parse("=x").name, "");
        assert_eq!(CookieLine::parse("lab-a=1; SameSite=sometimes").same_site, SameSite::Unspecified);
    }

    // RFC 6265bis §5.6: what is ignored is not in the list of attributes of which the last one counts.
    #[test]
    fn an_attribute_that_is_ignored_leaves_the_one_before_it_in_force() {
        let long = "x".repeat(1_025);
        let line = CookieLine::parse(&format!(
            "lab-a=1; Max-Age=60; max-age=+5; Expires=1 Jan 2037 00:00:00; Expires=soon; Path=/lab; Path=/{long}; \
             Domain=localhost; Domain={long}; SameSite=Strict; SameSite={long}; Secure={long}"
        ));
        assert_eq!((line.read_max_age(), line.read_expires().is_some()), (Some(60), true));
        assert_eq!((line.read_path(), line.read_domain()), (Some("/lab"), Some("localhost")));
        assert_eq!((line.same_site, line.secure), (SameSite::Strict, false));
        let line =
            CookieLine::parse("lab-a=1; Path=/lab; Path=; Domain=localhost; Domain=; SameSite=Lax; SameSite=maybe");
        assert_eq!((line.read_path(), line.read_domain(), line.same_site), (None, None, SameSite::Unspecified));
        let line = CookieLine::parse("lab-a=1; Max-Age=soon; Max-Age=60");
        assert_eq!(line.read_max_age(), Some(60));
    }

    #[test]
    fn a_cookie_without_a_name_is_spelled_as_browsers_send_it_and_deleted_by_a_value() {
        let nameless = CookieLine::of(&Draft::new(String::new(), "lonely-value"));
        assert_eq!(nameless.text(), "lonely-value; Path=/; SameSite=Lax");
        assert_eq!(nameless.deletion().text(), "deleted; Max-Age=0; Path=/; SameSite=Lax");
        for value in ["lonely-value", "a=b", "=", "=a"] {
            let line = CookieLine::parse(&CookieLine::of(&Draft::new(String::new(), value)).text());
            assert_eq!((line.name.as_str(), line.value.as_str()), ("", value));
        }
        assert_eq!([pair("", "a"), pair("a", ""), pair("", "a=b")], ["a", "a=", "a=b"]);
    }

    #[test]
    fn a_prefix_is_read_without_regard_to_case() {
        let read =
            ["__host-http-lab-a", "__HOST-lab-a", "__Http-lab-a", "__secure-lab-a", "lab-__Host-"].map(Prefix::of);
        assert_eq!(read, [Prefix::HostHttp, Prefix::Host, Prefix::Http, Prefix::Secure, Prefix::None]);
    }

    #[test]
    fn a_path_that_browsers_do_not_read_leaves_the_folder_of_whoever_sets_it() {
        let of =
            |path: Option<String>, carrier| CookieLine { path, ..CookieLine::default() }.effective_path(carrier).len();
        assert_eq!(of(text("/lab/x"), Carrier::Script), "/lab/x".len());
        for path in [None, text(""), text("lab"), Some(format!("/{}", "x".repeat(1_024)))] {
            assert_eq!(of(path.clone(), Carrier::Script), "/".len());
            assert_eq!(of(path, Carrier::Http), "/lab".len());
        }
        assert_eq!(of(Some(format!("/{}", "x".repeat(1_023))), Carrier::Http), 1_024);
    }

    // What web-platform-tests' cookies/attributes/max-age.html says of each.
    #[test]
    fn max_age_is_read_as_a_whole_number_or_not_at_all() {
        let read = |value: &str| CookieLine { max_age: text(value), ..CookieLine::default() }.read_max_age();
        assert_eq!([read("60"), read("0"), read("-1"), read(" 7 ")], [Some(60), Some(0), Some(-1), Some(7)]);
        assert_eq!([read(""), read("-"), read("+5"), read("5s"), read("1.5"), read("\"5\"")], [None; 6]);
        assert_eq!(read("99999999999999999999"), Some(i64::MAX));
        assert_eq!(read("-99999999999999999999"), Some(i64::MIN));
    }

    #[test]
    fn max_age_comes_before_expires_and_the_past_deletes() {
        let mut line = CookieLine { expires: text("Thu, 01 Jan 1970 00:00:10 GMT"), ..CookieLine::default() };
        assert_eq!((line.ends(5), line.deletes(5), line.deletes(10)), (Some(10), false, true));
        line.max_age = text("60");
        assert_eq!((line.ends(50), line.deletes(50)), (Some(110), false));
        line.max_age = text("0");
        assert!(line.deletes(50));
        line.max_age = text("soon");
        assert_eq!(line.ends(5), Some(10));
        assert_eq!(CookieLine { expires: text("tomorrow"), ..CookieLine::default() }.ends(5), None);
        for date in ["Thu, 01-Jan-1970 00:00:01 GMT", "Thu, 1 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 1601 00:00:00 GMT"] {
            assert!(CookieLine { expires: text(date), ..CookieLine::default() }.deletes(5), "{date}");
        }
    }

    #[test]
    fn a_draft_and_its_line_say_the_same() {
        let line = CookieLine::parse(
            "lab-a= 1 ; Max-Age=60; Path=/lab; Domain=.LOCALHOST; Secure; HttpOnly; SameSite=Strict; Partitioned",
        );
        let draft = line.draft(Carrier::Http, 0);
        assert_eq!((&*draft.value, draft.path.as_deref(), draft.expires), ("1", Some("/lab"), Expires::At(60)));
        assert_eq!(
            CookieLine::of(&draft).text(),
            "lab-a=1; Expires=Thu, 01 Jan 1970 00:01:00 GMT; Path=/lab; Domain=localhost; SameSite=Strict; Secure; \
             HttpOnly; Partitioned"
        );
        assert_eq!(CookieLine::of(&Draft::new("lab-a".into(), "1")).text(), "lab-a=1; Path=/; SameSite=Lax");
        assert_eq!(
            CookieLine::of(&Draft::new("__Host-lab-a".into(), "1")).deletion().text(),
            "__Host-lab-a=; Max-Age=0; Path=/; SameSite=Lax; Secure"
        );
    }

    #[test]
    fn only_names_of_the_lab_are_made_here() {
        let may = |line: &str| CookieLine::parse(line).is_the_labs();
        assert_eq!(["lab-a=1", "__Host-lab-a=1", "=", "=__Host-x"].map(may), [true; 4]);
        assert_eq!(["a=1", "__Host-session=1", "nameless"].map(may), [false; 3]);
    }
}
