//! One request to the app and its answer, as far as cookies go. Long ones are cut.

use crate::{
    app_proxy::origin::{Origin, is_this_machine},
    http::is_document,
};
use app::{
    set_cookie::{Answered, Sent, SetCookie, Site},
    wire::sent_cookies,
};
use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts, uri::Scheme,
};
use std::{
    mem::size_of,
    net::IpAddr,
    time::{Duration, Instant},
};

/// Most bytes that are noted of a request's cookies, of an answer's `Set-Cookie` lines, and of what else stands in a head.
pub(super) const LONGEST: usize = 32 * 1024;
/// Most bytes of one short text: a target, a `User-Agent`, a `Location`.
const LONGEST_TEXT: usize = 2 * 1024;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
/// On what a browser fetches ahead; for a page of another site it leaves the cookies out.
const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");

/// Who has cookies of their own, as far as it shows: two windows that say the same of themselves are taken for one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Jar {
    pub agent: String,
    address: Option<IpAddr>,
    /// Cookies are a host's, at whichever port (RFC 6265bis §8.5).
    host: String,
    https: bool,
}

impl Jar {
    /// The engine by the word of its `User-Agent`, as the known differences name it.
    pub fn engine(&self) -> Option<&'static str> {
        let engines = [("Firefox/", "Firefox"), ("Chrome/", "Chromium"), ("AppleWebKit/", "WebKitGTK")];
        engines.into_iter().find(|(word, _)| self.agent.contains(word)).map(|(_, engine)| engine)
    }

    /// Whether it keeps `Secure` cookies: by HTTPS, and on this very machine in all engines but WebKit.
    fn keeps_secure(&self) -> bool {
        self.https || (is_this_machine(&self.host) && self.engine() != Some("WebKitGTK"))
    }
}

/// A cookie that a request carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Carried {
    pub name: String,
    pub value: String,
}

impl Carried {
    /// As the limit counts it, and as the request grows by it.
    pub fn bytes(&self) -> usize {
        self.name.len() + self.value.len()
    }
}

/// A `Set-Cookie` line, as the browser got it.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub text: String,
    /// As the app sent it, where that is another one.
    pub own: Option<String>,
    pub cookie: SetCookie,
}

/// A request, before it is answered.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// UTC milliseconds.
    pub at: i64,
    pub began: Instant,
    pub method: Method,
    pub target: String,
    pub version: Version,
    pub jar: Jar,
    pub site: Site,
    /// Whether it is to show a document in a window: browsers send all cookies along with it that they may. In a frame they may
    /// keep others, or none.
    pub navigates: bool,
    pub carried: Vec<Carried>,
    /// Whether its cookies were too long to be noted.
    pub is_cut: bool,
}

impl Asked {
    /// Of a request whose cookies are what the app receives; `own` is the origin that the browser asked.
    pub fn of(head: &Parts, own: &Origin, address: Option<IpAddr>, at: i64) -> Self {
        let text = |name: &HeaderName| head.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let is_of_a_window = text(&SEC_FETCH_DEST).is_none_or(|what| what == "document");
        let navigates = match text(&SEC_FETCH_MODE) {
            Some(mode) => mode == "navigate" && is_of_a_window,
            None => head.method == Method::GET && is_document(&head.headers),
        };
        let follows_a_link = navigates && head.method.is_safe() && !head.headers.contains_key(SEC_PURPOSE);
        let site = match text(&SEC_FETCH_SITE).as_deref() {
            Some("none" | "same-origin" | "same-site") => Site::SameSite,
            Some(_) if follows_a_link => Site::LinkElsewhere,
            Some(_) => Site::Elsewhere,
            None => Site::Unknown,
        };
        let (carried, is_cut) = carried(&head.headers);
        Self {
            at,
            began: Instant::now(),
            method: head.method.clone(),
            target: cut(head.uri.path_and_query().map_or("/", |target| target.as_str())),
            version: head.version,
            jar: Jar {
                agent: text(&header::USER_AGENT).map(|agent| cut(&agent)).unwrap_or_default(),
                address: address.map(|address| address.to_canonical()),
                host: own.host().to_ascii_lowercase(),
                https: own.scheme == Scheme::HTTPS,
            },
            site,
            navigates,
            carried,
            is_cut,
        }
    }
}

fn carried(headers: &HeaderMap) -> (Vec<Carried>, bool) {
    let lines = headers.get_all(header::COOKIE).iter();
    let mut left = LONGEST;
    let mut carried = Vec::new();
    for (name, value) in lines.flat_map(|line| sent_cookies(line.as_bytes())) {
        if name.is_empty() && value.is_empty() {
            continue;
        }
        let Some(rest) = left.checked_sub(name.len() + value.len()) else { return (carried, true) };
        left = rest;
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        carried.push(Carried { name: text(name), value: text(value) });
    }
    (carried, false)
}

/// No longer than what is noted of a text.
fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(LONGEST_TEXT);
    if end < text.len() { format!("{}…", &text[..end]) } else { text.to_owned() }
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    /// From 1 on, in the order in which they were answered.
    pub number: u64,
    pub asked: Asked,
    /// When the answer's head went out.
    pub answered: Instant,
    pub status: StatusCode,
    pub set: Vec<Line>,
    /// Lines that were too long to be noted.
    pub left_out: usize,
    pub cache_control: Option<String>,
    pub location: Option<String>,
}

impl Exchange {
    /// Of a request and its answer as the browser gets it; `own` are the app's own `Set-Cookie` lines, of which some were changed.
    pub fn of(asked: Asked, status: StatusCode, headers: &HeaderMap, own: &[HeaderValue]) -> Self {
        let text = |name| headers.get(name).map(|value| cut(&String::from_utf8_lossy(value.as_bytes())));
        let (mut left, mut left_out) = (LONGEST, 0);
        let mut set = Vec::new();
        for (place, line) in headers.get_all(header::SET_COOKIE).iter().enumerate() {
            match left.checked_sub(line.len()) {
                Some(rest) => {
                    left = rest;
                    let text = String::from_utf8_lossy(line.as_bytes()).into_owned();
                    let own = own.get(place).filter(|own| *own != line);
                    let own = own.map(|own| String::from_utf8_lossy(own.as_bytes()).into_owned());
                    set.push(Line { cookie: SetCookie::read(&text, &asked.target), text, own });
                }
                None => left_out += 1,
            }
        }
        Self {
            number: 0,
            answered: Instant::now(),
            status,
            set,
            left_out,
            cache_control: text(header::CACHE_CONTROL),
            location: text(header::LOCATION),
            asked,
        }
    }

    /// From the request's head to the answer's.
    pub fn took(&self) -> Duration {
        self.answered - self.asked.began
    }

    /// Where its lines were answered, by the rules of cookies.
    pub fn place(&self) -> Answered {
        let jar = &self.asked.jar;
        Answered {
            https: jar.https,
            trustworthy: jar.keeps_secure(),
            host: jar.host.clone(),
            at: self.asked.at / 1_000,
        }
    }

    /// What decides which cookies went with its request.
    pub fn sent(&self) -> Sent<'_> {
        Sent { target: &self.asked.target, from: self.asked.site }
    }

    /// The values that its request carried under a name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.asked.carried.iter().filter(move |cookie| cookie.name == name).map(|cookie| cookie.value.as_str())
    }

    /// What it takes of the memory, near enough.
    pub fn bytes(&self) -> usize {
        let carried: usize = self.asked.carried.iter().map(|cookie| cookie.bytes() + size_of::<Carried>()).sum();
        // The text, the same in the cookie that was read, and that in its parts.
        let own = |line: &Line| line.own.as_ref().map_or(0, String::len);
        let set: usize = self.set.iter().map(|line| 3 * line.text.len() + own(line) + size_of::<Line>()).sum();
        let texts = [&self.cache_control, &self.location].into_iter().flatten().map(String::len).sum::<usize>();
        size_of::<Self>() + self.asked.target.len() + self.asked.jar.agent.len() + carried + set + texts
    }
}
