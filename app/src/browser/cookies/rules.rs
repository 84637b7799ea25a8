//! What browsers do with a cookie, rule by rule: what each says, where it stands, when a line breaks it, and the least
//! that would have to change. Nothing here decides what became of a cookie; that is found by trying (`trial.rs`).

use super::line::{Carrier, CookieLine, Prefix, is_control, too_long};
use crate::browser::{
    draft::Draft,
    entry::{Expires, SameSite},
    sizes::COOKIE_LIMIT_BYTES,
};
use std::net::IpAddr;

/// Longest life of a cookie in seconds: 400 days (RFC 6265bis §5.5).
pub(crate) const LONGEST_LIFE: i64 = 400 * 86_400;

/// Where a cookie is set, and what is known to be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub https: bool,
    /// What the browser calls a secure context: HTTPS, or this very machine.
    pub trustworthy: bool,
    pub host: String,
    /// Names and paths of cookies that scripts cannot touch.
    pub hidden: Vec<(String, String)>,
    /// UTC seconds.
    pub now: i64,
}

/// What a rule does to a line that breaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The cookie is not kept.
    Refuses,
    /// The cookie is kept, in another way than its line says.
    Changes,
    /// Browsers keep it as it is, but servers should not send it so: others may read it otherwise.
    Warns,
}

/// The field of the form that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Prefix,
    Name,
    Value,
    MaxAge,
    Expires,
    Path,
    Domain,
    Secure,
    HttpOnly,
    SameSite,
    Partitioned,
}

/// One rule.
pub(crate) struct Rule {
    pub id: RuleId,
    pub says: &'static str,
    /// Where it stands, with the line of the draft's source where it is one.
    pub source: &'static str,
    pub link: &'static str,
    pub effect: Effect,
    pub about: About,
    broken_by: fn(&CookieLine, Carrier, &Place) -> bool,
    /// Ways to keep the rule, the smallest change first. The others matter where the first would keep further rules.
    repairs: &'static [fn(&mut CookieLine, &Place)],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleId {
    Size,
    ControlCharacter,
    Empty,
    NamelessPrefix,
    DomainCharacter,
    PublicSuffix,
    DomainMismatch,
    SecureOrigin,
    HttpOnlyScript,
    SameSiteNone,
    Partitioned,
    SecurePrefix,
    HostSecure,
    HostPath,
    HostDomain,
    HttpPrefix,
    HttpOnlyOverwrite,
    Semicolon,
    AttributeLength,
    PathStart,
    MaxAgeNumber,
    ExpiresDate,
    MaxAgeFirst,
    Deletes,
    LongestLife,
    ServersName,
    ServersValue,
}

const STORAGE: &str = "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.7";
const PARSING: &str = "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.6";
const LIFETIME: &str = "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.5";
const MAX_AGE: &str = "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.6.2";
const PATH: &str = "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.6.4";
const LAYERED: &str = "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-layered-cookies#section-5.4.3";
const DATES: &str = "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.1.1";
const SERVERS: &str = "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.1";
const CHIPS: &str = "https://datatracker.ietf.org/doc/html/draft-cutler-httpbis-partitioned-cookies-01";

/// All rules, in the order in which a browser comes to them; those that only change something or warn last.
pub(crate) static RULES: [Rule; 27] = [
    Rule {
        id: RuleId::ControlCharacter,
        says: "No control character may stand in it, a tab excepted.",
        source: "RFC 6265bis §5.7, step 3 (line 1650)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Value,
        broken_by: |line, _, _| line.text().chars().any(is_control),
        repairs: &[without_control_characters],
    },
    Rule {
        id: RuleId::Empty,
        says: "A cookie without name and value is none.",
        source: "RFC 6265bis §5.7, step 2 (line 1647)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Name,
        broken_by: |line, _, _| line.pair_bytes() == 0,
        repairs: &[|line, _| line.name = "lab-".into()],
    },
    Rule {
        id: RuleId::Size,
        says: "Name and value together hold at most 4,096 bytes; in UTF-8, without the “=”.",
        source: "RFC 6265bis §5.7, step 4 (line 1654)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Value,
        broken_by: |line, _, _| line.pair_bytes() > COOKIE_LIMIT_BYTES,
        repairs: &[|line, _| line.value.clear()],
    },
    Rule {
        id: RuleId::NamelessPrefix,
        says: "A value without a name may not begin like a prefix: a server would take it for the name.",
        source: "RFC 6265bis §5.7, step 22 (line 1832)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Name,
        broken_by: |line, _, _| line.name.is_empty() && Prefix::of(line.kept_value()) != Prefix::None,
        repairs: &[|line, _| line.name = "lab-".into()],
    },
    Rule {
        id: RuleId::DomainCharacter,
        says: "A Domain holds ASCII only; other letters are spelled with xn--.",
        source: "RFC 6265bis §5.7, step 8 (line 1699)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Domain,
        broken_by: |line, _, _| line.read_domain().is_some_and(|domain| !domain.is_ascii()),
        repairs: &[|line, _| line.domain = None],
    },
    Rule {
        id: RuleId::PublicSuffix,
        says: "A Domain that is a public suffix, such as com, would reach sites of other people.",
        source: "RFC 6265bis §5.7, step 9 (line 1702)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Domain,
        broken_by: |line, _, place| {
            let single_label = |domain: &&str| !domain.contains('.') && domain_matches(&place.host, domain);
            domain_of(line).filter(|domain| *domain != place.host).as_deref().filter(single_label).is_some()
        },
        repairs: &[|line, _| line.domain = None],
    },
    Rule {
        id: RuleId::DomainMismatch,
        says: "The Domain must be this host or one above it; an address made of numbers has none above it.",
        source: "RFC 6265bis §5.7, step 10 (line 1721)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Domain,
        broken_by: |line, _, place| domain_of(line).is_some_and(|domain| !domain_matches(&place.host, &domain)),
        repairs: &[|line, _| line.domain = None, |line, place| line.domain = Some(place.host.clone())],
    },
    Rule {
        id: RuleId::SecureOrigin,
        says: "Secure is for secure origins: HTTPS, and for most browsers this very machine.",
        source: "RFC 6265bis §5.7, step 13 (line 1751)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Secure,
        broken_by: |line, _, place| line.secure && !place.https && !place.trustworthy,
        repairs: &[|line, _| line.secure = false],
    },
    Rule {
        id: RuleId::HttpOnlyScript,
        says: "A script cannot set a cookie that is HttpOnly.",
        source: "RFC 6265bis §5.7, step 15 (line 1759)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::HttpOnly,
        broken_by: |line, carrier, _| line.http_only && carrier == Carrier::Script,
        repairs: &[|line, _| line.http_only = false],
    },
    Rule {
        id: RuleId::SameSiteNone,
        says: "SameSite=None needs Secure.",
        source: "RFC 6265bis §5.7, step 19 (line 1814)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::SameSite,
        broken_by: |line, _, _| line.same_site == SameSite::None && !line.secure,
        repairs: &[|line, _| line.same_site = SameSite::Lax],
    },
    Rule {
        id: RuleId::Partitioned,
        says: "Partitioned needs Secure.",
        source: "Cookies Having Independent Partitioned State (CHIPS)",
        link: CHIPS,
        effect: Effect::Refuses,
        about: About::Partitioned,
        broken_by: |line, _, _| line.partitioned && !line.secure,
        repairs: &[|line, _| line.partitioned = false],
    },
    Rule {
        id: RuleId::SecurePrefix,
        says: "A name with __Secure- needs Secure.",
        source: "RFC 6265bis §5.7, step 20 (line 1817)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Prefix,
        broken_by: |line, _, _| Prefix::of(&line.name) == Prefix::Secure && !line.secure,
        repairs: &[|line, _| line.secure = true, without_prefix],
    },
    Rule {
        id: RuleId::HostSecure,
        says: "A name with __Host- needs Secure.",
        source: "RFC 6265bis §5.7, step 21 (line 1825)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Prefix,
        broken_by: |line, _, _| for_one_host(line) && !line.secure,
        repairs: &[|line, _| line.secure = true, without_prefix],
    },
    Rule {
        id: RuleId::HostDomain,
        says: "A name with __Host- allows no Domain.",
        source: "RFC 6265bis §5.7, step 21 (line 1827)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Domain,
        broken_by: |line, _, _| for_one_host(line) && line.read_domain().is_some(),
        repairs: &[|line, _| line.domain = None, without_prefix],
    },
    Rule {
        id: RuleId::HostPath,
        says: "A name with __Host- needs Path=/.",
        source: "RFC 6265bis §5.7, step 21 (line 1829)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Path,
        broken_by: |line, _, _| for_one_host(line) && line.read_path() != Some("/"),
        repairs: &[|line, _| line.path = Some("/".into()), without_prefix],
    },
    Rule {
        id: RuleId::HttpPrefix,
        says: "A name with __Http- or __Host-Http- needs Secure and HttpOnly, and so comes over HTTP alone.",
        source: "Layered Cookies §5.4.3 (lines 667 to 684)",
        link: LAYERED,
        effect: Effect::Refuses,
        about: About::Prefix,
        broken_by: |line, carrier, _| {
            let vouched_for = line.secure && line.http_only && carrier == Carrier::Http;
            matches!(Prefix::of(&line.name), Prefix::Http | Prefix::HostHttp) && !vouched_for
        },
        repairs: &[|line, _| (line.secure, line.http_only) = (true, true), without_prefix],
    },
    Rule {
        id: RuleId::HttpOnlyOverwrite,
        says: "A script cannot write over a cookie that is HttpOnly, nor delete it.",
        source: "RFC 6265bis §5.7, step 23 (line 1849)",
        link: STORAGE,
        effect: Effect::Refuses,
        about: About::Name,
        broken_by: |line, carrier, place| {
            let same =
                |(name, path): &(String, String)| *name == line.name && *path == line.effective_path(Carrier::Script);
            carrier == Carrier::Script && place.hidden.iter().any(same)
        },
        // A trial under another name meets no such cookie, unless it puts one there first.
        repairs: &[],
    },
    Rule {
        id: RuleId::Semicolon,
        says: "A semicolon ends the pair; what follows is read as attributes.",
        source: "RFC 6265bis §5.6, step 1 (line 1360)",
        link: PARSING,
        effect: Effect::Changes,
        about: About::Value,
        broken_by: |line, _, _| line.value.contains(';') || line.name.contains([';', '=']),
        repairs: &[],
    },
    Rule {
        id: RuleId::AttributeLength,
        says: "An attribute of more than 1,024 bytes is ignored; the cookie is kept without it.",
        source: "RFC 6265bis §5.6, step 6 (line 1434)",
        link: PARSING,
        effect: Effect::Changes,
        about: About::Path,
        broken_by: |line, _, _| {
            [&line.path, &line.domain, &line.expires, &line.max_age].into_iter().any(|value| too_long(value.as_ref()))
        },
        repairs: &[],
    },
    Rule {
        id: RuleId::PathStart,
        says: "A Path that does not begin with / is ignored; the folder of the page or the request takes its place.",
        source: "RFC 6265bis §5.6.4 (line 1514)",
        link: PATH,
        effect: Effect::Changes,
        about: About::Path,
        broken_by: |line, _, _| line.path.as_deref().is_some_and(|path| !path.trim_start().starts_with('/')),
        repairs: &[],
    },
    Rule {
        id: RuleId::MaxAgeNumber,
        says: "A Max-Age that is no whole number is ignored.",
        source: "RFC 6265bis §5.6.2 (line 1472)",
        link: MAX_AGE,
        effect: Effect::Changes,
        about: About::MaxAge,
        broken_by: |line, _, _| line.max_age.is_some() && line.read_max_age().is_none(),
        repairs: &[],
    },
    Rule {
        id: RuleId::ExpiresDate,
        says: "An Expires without a day, a month, a year and a time is ignored.",
        source: "RFC 6265bis §5.1.1",
        link: DATES,
        effect: Effect::Changes,
        about: About::Expires,
        broken_by: |line, _, _| line.expires.is_some() && line.read_expires().is_none(),
        repairs: &[],
    },
    Rule {
        id: RuleId::MaxAgeFirst,
        says: "Where both are there, Max-Age counts and Expires does not.",
        source: "RFC 6265bis §5.7, step 6 (line 1660)",
        link: STORAGE,
        effect: Effect::Changes,
        about: About::Expires,
        broken_by: |line, _, _| line.read_max_age().is_some() && line.expires.is_some(),
        repairs: &[],
    },
    Rule {
        id: RuleId::Deletes,
        says: "A time that has passed deletes the cookie: that is how cookies are deleted, and no refusal.",
        source: "RFC 6265bis §5.6.2 (line 1492) and §5.7 (line 1860)",
        link: MAX_AGE,
        effect: Effect::Changes,
        about: About::MaxAge,
        broken_by: |line, _, place| line.deletes(place.now),
        repairs: &[],
    },
    Rule {
        id: RuleId::LongestLife,
        says: "A cookie lives at most 400 days; a longer life is cut.",
        source: "RFC 6265bis §5.5 (line 1326)",
        link: LIFETIME,
        effect: Effect::Changes,
        about: About::MaxAge,
        broken_by: |line, _, place| {
            line.ends(place.now).is_some_and(|end| end > place.now.saturating_add(LONGEST_LIFE))
        },
        repairs: &[],
    },
    Rule {
        id: RuleId::ServersName,
        says: "A server should send a name of letters, digits and !#$%&'*+-.^_`|~ alone. Browsers keep others, too; programs may not.",
        source: "RFC 6265bis §4.1.1",
        link: SERVERS,
        effect: Effect::Warns,
        about: About::Name,
        broken_by: |line, _, _| line.pair_bytes() > 0 && !is_token(&line.name),
        repairs: &[],
    },
    Rule {
        id: RuleId::ServersValue,
        says: "A server should send a value without blanks, quotes inside, commas, backslashes and letters beyond ASCII. Browsers keep \
               them, too; programs may not.",
        source: "RFC 6265bis §4.1.1",
        link: SERVERS,
        effect: Effect::Warns,
        about: About::Value,
        broken_by: |line, _, _| !is_cookie_value(line.kept_value()),
        repairs: &[],
    },
];

/// `token` of RFC 9110 §5.6.2.
pub(super) fn is_token(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_part)
}

/// `cookie-value` of RFC 6265bis §4.1.1: quotes may stand around all of it.
fn is_cookie_value(value: &str) -> bool {
    let inside = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    inside.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte))
}

/// A rule as others tell of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RuleWords {
    pub says: &'static str,
    pub source: &'static str,
    pub link: &'static str,
}

impl Rule {
    pub fn broken_by(&self, line: &CookieLine, carrier: Carrier, place: &Place) -> bool {
        (self.broken_by)(line, carrier, place)
    }

    fn refuses(&self) -> bool {
        self.effect == Effect::Refuses
    }
}

/// The rules that a line breaks.
pub(crate) fn broken(line: &CookieLine, carrier: Carrier, place: &Place) -> Vec<&'static Rule> {
    RULES.iter().filter(|rule| rule.broken_by(line, carrier, place)).collect()
}

/// Those of them for which a browser refuses it.
pub(crate) fn refusing(line: &CookieLine, carrier: Carrier, place: &Place) -> Vec<&'static Rule> {
    RULES.iter().filter(|rule| rule.refuses() && rule.broken_by(line, carrier, place)).collect()
}

/// What browsers make of a line by the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Forecast {
    Refused,
    /// Its time has passed: a cookie of that name, path and domain goes.
    Deletes,
    /// What is kept of it, its life cut where it is too long.
    Kept(Draft),
}

/// What browsers are to make of a line; what one did is found by trying alone.
pub(crate) fn forecast(line: &CookieLine, carrier: Carrier, place: &Place) -> Forecast {
    if !refusing(line, carrier, place).is_empty() {
        return Forecast::Refused;
    }
    if line.deletes(place.now) {
        return Forecast::Deletes;
    }
    let mut kept = line.draft(carrier, place.now);
    // A domain that is a public suffix, as each name without a dot is, or an address is this host alone (§5.7, step 9).
    let is_alone = !place.host.contains('.') || place.host.parse::<IpAddr>().is_ok();
    kept.flags.domain = kept.flags.domain.filter(|domain| *domain != place.host || !is_alone);
    if let Expires::At(end) = &mut kept.expires {
        *end = (*end).min(place.now.saturating_add(LONGEST_LIFE));
    }
    Forecast::Kept(kept)
}

/// The line changed so that it breaks none of the rules that refuse, or `only` this one. `None` where this rule
/// cannot be broken without another.
pub(crate) fn repaired(
    line: &CookieLine,
    carrier: Carrier,
    place: &Place,
    only: Option<&'static Rule>,
) -> Option<CookieLine> {
    let mut line = line.clone();
    // A repair may break another rule, which is then repaired in turn.
    for _ in 0..RULES.len() {
        let others = |line: &CookieLine| {
            let mut broken = refusing(line, carrier, place);
            broken.retain(|rule| only.is_none_or(|only| only.id != rule.id));
            broken
        };
        let Some(next) = others(&line).into_iter().next() else { return Some(line) };
        let still_broken = |line: &CookieLine| only.is_none_or(|only| only.broken_by(line, carrier, place));
        let ways = next.repairs.iter().map(|repair| {
            let mut changed = line.clone();
            repair(&mut changed, place);
            changed
        });
        let best = ways
            .filter(|changed| still_broken(changed) && !next.broken_by(changed, carrier, place))
            .min_by_key(|changed| others(changed).len());
        line = best?;
    }
    None
}

fn without_control_characters(line: &mut CookieLine, _: &Place) {
    line.unknown.retain(|attribute| !attribute.chars().any(is_control));
    let texts = [&mut line.max_age, &mut line.expires, &mut line.path, &mut line.domain];
    for text in texts.into_iter().flatten().chain([&mut line.name, &mut line.value]) {
        text.retain(|c| !is_control(c));
    }
}

fn without_prefix(line: &mut CookieLine, _: &Place) {
    let prefix = Prefix::of(&line.name).text();
    line.name.drain(..prefix.len());
}

pub(super) fn for_one_host(line: &CookieLine) -> bool {
    matches!(Prefix::of(&line.name), Prefix::Host | Prefix::HostHttp)
}

/// As a browser compares it: in small letters.
fn domain_of(line: &CookieLine) -> Option<String> {
    line.read_domain().map(str::to_ascii_lowercase)
}

/// RFC 6265bis §5.1.3.
fn domain_matches(host: &str, domain: &str) -> bool {
    let below = || host.strip_suffix(domain).is_some_and(|start| start.ends_with('.'));
    host == domain || below() && host.parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Carrier::{Http, Script};

    fn here() -> Place {
        Place { trustworthy: true, host: "localhost".into(), now: 1_000, ..Place::default() }
    }

    fn ids(line: &str, carrier: Carrier, place: &Place) -> Vec<RuleId> {
        refusing(&CookieLine::parse(line), carrier, place).iter().map(|rule| rule.id).collect()
    }

    #[test]
    fn each_rule_stands_in_the_list_once() {
        for rule in &RULES {
            assert_eq!(RULES.iter().filter(|other| other.id == rule.id).count(), 1, "{:?}", rule.id);
            assert_eq!(
                rule.refuses(),
                !rule.repairs.is_empty() || rule.id == RuleId::HttpOnlyOverwrite,
                "{:?}",
                rule.id
            );
        }
    }

    // The cases of web-platform-tests' cookies/size/name-and-value.html.
    #[test]
    fn name_and_value_hold_4096_bytes() {
        let of = |name: usize, value: &str| ids(&format!("{}={value}", "n".repeat(name)), Script, &here());
        assert_eq!(of(1, &"x".repeat(4_095)), []);
        assert_eq!(of(1, &"x".repeat(4_096)), [RuleId::Size]);
        assert_eq!(of(4_096, ""), []);
        assert_eq!(of(4_097, ""), [RuleId::Size]);
        assert_eq!(of(2_048, &"x".repeat(2_048)), []);
        assert_eq!(of(1, &"é".repeat(2_047)), []);
        assert_eq!(of(1, &"é".repeat(2_048)), [RuleId::Size]);
        assert_eq!(of(1, &format!("{} \t", "x".repeat(4_095))), []);
    }

    #[test]
    fn prefixes_need_what_they_vouch_for() {
        let host = |rest: &str| ids(&format!("__Host-lab-a=1; {rest}"), Http, &here());
        assert_eq!(host("Secure; Path=/"), []);
        assert_eq!(host("Path=/"), [RuleId::HostSecure]);
        assert_eq!(host("Secure"), [RuleId::HostPath]);
        assert_eq!(host("Secure; Path=/lab"), [RuleId::HostPath]);
        assert_eq!(host("Secure; Path=/; Domain=localhost"), [RuleId::HostDomain]);
        assert_eq!(ids("__SECURE-lab-a=1", Http, &here()), [RuleId::SecurePrefix]);
        assert_eq!(ids("__Http-lab-a=1; Secure; HttpOnly", Http, &here()), []);
        assert_eq!(ids("__Http-lab-a=1; Secure", Http, &here()), [RuleId::HttpPrefix]);
        assert_eq!(ids("__Http-lab-a=1; Secure", Script, &here()), [RuleId::HttpPrefix]);
        assert_eq!(ids("__Host-Http-lab-a=1; Secure; HttpOnly", Http, &here()), [RuleId::HostPath]);
        assert_eq!(ids("=__Host-lab-a", Script, &here()), [RuleId::NamelessPrefix]);
        assert_eq!(ids("=", Script, &here()), [RuleId::Empty]);
    }

    #[test]
    fn a_domain_is_this_host_or_one_above_it() {
        let at = |host: &str, domain: &str| {
            let place = Place { host: host.into(), ..here() };
            ids(&format!("lab-a=1; Domain={domain}"), Http, &place)
        };
        assert_eq!(at("www.lab.example", "www.lab.example"), []);
        assert_eq!(at("www.lab.example", ".LAB.example"), []);
        assert_eq!(at("www.lab.example", "example"), [RuleId::PublicSuffix]);
        assert_eq!(at("lab.example", "www.lab.example"), [RuleId::DomainMismatch]);
        assert_eq!(at("lab.example", "b.example"), [RuleId::DomainMismatch]);
        assert_eq!(at("127.0.0.1", "127.0.0.1"), []);
        assert_eq!(at("127.0.0.1", "0.0.1"), [RuleId::DomainMismatch]);
        assert_eq!(at("localhost", "localhost"), []);
        assert_eq!(at("localhost", "."), []);
        assert_eq!(at("lab.example", "bücher.example"), [RuleId::DomainCharacter, RuleId::DomainMismatch]);
    }

    #[test]
    fn what_needs_secure_and_where_secure_may_be_set() {
        assert_eq!(ids("lab-a=1; SameSite=None", Http, &here()), [RuleId::SameSiteNone]);
        assert_eq!(ids("lab-a=1; Partitioned", Http, &here()), [RuleId::Partitioned]);
        assert_eq!(ids("lab-a=1; Secure; SameSite=None; Partitioned", Http, &here()), []);
        let plain = Place { trustworthy: false, host: "lab.example".into(), ..here() };
        assert_eq!(ids("lab-a=1; Secure", Http, &plain), [RuleId::SecureOrigin]);
        assert_eq!(ids("lab-a=1; Secure", Http, &Place { https: true, ..plain }), []);
    }

    #[test]
    fn scripts_neither_set_nor_touch_what_is_for_http_only() {
        let place = Place { hidden: vec![("lab-a".into(), "/".into())], ..here() };
        assert_eq!(ids("lab-b=1; HttpOnly", Script, &place), [RuleId::HttpOnlyScript]);
        assert_eq!(ids("lab-a=1", Script, &place), [RuleId::HttpOnlyOverwrite]);
        assert_eq!(ids("lab-a=; Max-Age=0", Script, &place), [RuleId::HttpOnlyOverwrite]);
        assert_eq!(ids("lab-a=1; Path=/lab", Script, &place), []);
        assert_eq!(ids("lab-a=1; HttpOnly", Http, &place), []);
    }

    #[test]
    fn what_only_changes_a_cookie_is_told_without_calling_it_a_refusal() {
        let told = |line: &str| {
            let line = CookieLine::parse(line);
            assert!(refusing(&line, Http, &here()).is_empty());
            broken(&line, Http, &here()).iter().map(|rule| rule.id).collect::<Vec<_>>()
        };
        assert_eq!(told("lab-a=1; Max-Age=0"), [RuleId::Deletes]);
        assert_eq!(told("lab-a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"), [RuleId::Deletes]);
        assert_eq!(told("lab-a=1; Max-Age=99999999"), [RuleId::LongestLife]);
        assert_eq!(told("lab-a=1; Max-Age=34560000"), []);
        assert_eq!(told("lab-a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"), [RuleId::MaxAgeFirst]);
        for date in ["Thu, 01-Jan-1970 00:00:01 GMT", "Thu, 1 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 1601 00:00:00 GMT"] {
            assert_eq!(told(&format!("lab-a=1; Expires={date}")), [RuleId::Deletes], "{date}");
        }
        assert_eq!(told("lab-a=1; Expires=tomorrow"), [RuleId::ExpiresDate]);
        assert_eq!(told("lab-a=1; Max-Age=soon; Path=x"), [RuleId::PathStart, RuleId::MaxAgeNumber]);
        assert_eq!(told(&format!("lab-a=1; Path=/{}", "x".repeat(1_024))), [RuleId::AttributeLength]);
    }

    #[test]
    fn what_browsers_keep_and_servers_should_not_send_is_warned_of() {
        let told = |line: &str| {
            let line = CookieLine::parse(line);
            assert!(matches!(forecast(&line, Http, &here()), Forecast::Kept(_)));
            broken(&line, Http, &here()).iter().map(|rule| rule.id).collect::<Vec<_>>()
        };
        for name in ["lab-é", "lab-a b", "lab-a\tb", "lab-(a)", "lab-\u{85}"] {
            assert_eq!(told(&format!("{name}=1")), [RuleId::ServersName], "{name:?}");
        }
        for value in ["é", "a b", "a\tb", "a\"b", "\"a b\"", "a,b", "a\\b", "a\u{85}b", "\""] {
            assert_eq!(told(&format!("lab-a={value}")), [RuleId::ServersValue], "{value:?}");
        }
        assert_eq!(told("lab-a=\"a\""), []);
        assert_eq!(told("lab-a="), []);
        assert_eq!(told("lonely-value"), [RuleId::ServersName]);
    }

    #[test]
    fn a_forecast_tells_what_is_kept() {
        let of = |line: &str| forecast(&CookieLine::parse(line), Http, &here());
        assert_eq!(of("lab-a=\u{1}"), Forecast::Refused);
        assert_eq!(of("lab-a=1; Nonsense=\u{1}"), Forecast::Refused);
        assert_eq!(of("lab-a=1; Secure=\u{7f}"), Forecast::Refused);
        assert_eq!(of("lab-a=1; Max-Age=-0"), Forecast::Deletes);
        let Forecast::Kept(kept) = of(" lab-a = 1 ; Max-Age=99999999; Domain=.LOCALHOST") else { panic!("refused") };
        assert_eq!((kept.name.as_str(), &*kept.value, kept.path.as_deref()), ("lab-a", "1", Some("/lab")));
        assert_eq!((kept.flags.domain.as_deref(), kept.expires), (None, Expires::At(1_000 + LONGEST_LIFE)));
    }

    #[test]
    fn a_repair_changes_only_what_its_rule_is_about() {
        let line = CookieLine::parse("lab-a=1; SameSite=None; Partitioned; Path=/x; Domain=elsewhere.example");
        let repaired = repaired(&line, Http, &here(), None).unwrap();
        assert_eq!(repaired.text(), "lab-a=1; Path=/x; SameSite=Lax");
    }

    #[test]
    fn each_broken_rule_can_be_left_broken_alone() {
        let line =
            "__Host-lab-a=1; Path=/lab; Domain=elsewhere.example; SameSite=None; Partitioned; HttpOnly; Max-Age=60";
        let line = CookieLine::parse(line);
        let broken = refusing(&line, Script, &here());
        assert_eq!(broken.len(), 7);
        for rule in broken {
            let alone = repaired(&line, Script, &here(), Some(rule));
            let left = alone.map(|line| ids(&line.text(), Script, &here()));
            assert_eq!(left, Some(vec![rule.id]));
        }
    }

    #[test]
    fn a_prefix_that_cannot_have_what_it_needs_is_dropped() {
        let plain = Place { trustworthy: false, host: "lab.example".into(), ..here() };
        let line = CookieLine::parse("__Secure-lab-a=1; Secure");
        assert_eq!(repaired(&line, Http, &plain, None).unwrap().text(), "lab-a=1");
        let line = CookieLine::parse("__Http-lab-a=1");
        assert_eq!(repaired(&line, Script, &here(), None).unwrap().text(), "lab-a=1");
    }
}
