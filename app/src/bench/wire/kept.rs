//! Whether the browser kept a cookie: read from what it did afterwards, never from the line that was to set it.

use super::set_cookie::{Life, SetCookie};
use crate::{
    browser::{
        Entry,
        cookies::{default_path, path_matches},
        lab::WITHOUT_COOKIES,
    },
    wire::Exchange,
};

/// What the browser's later behaviour shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It travelled with a later request; the number says which.
    Travelled(usize),
    /// Scripts see it.
    Seen,
    /// It was to go, and it is gone.
    Gone,
    /// It was to go, and is still there.
    Stayed,
    /// A later request to its path was without it, and scripts do not see it.
    Missing(usize),
    /// No later request would have carried it.
    Unknown,
}

impl Kept {
    /// In words; `at` tells the time of an exchange.
    pub fn words(&self, at: impl Fn(usize) -> String) -> String {
        match self {
            Self::Travelled(place) => format!("Kept: it travelled with the request of {}.", at(*place)),
            Self::Seen => "Kept: scripts see it.".to_owned(),
            Self::Gone => "Done: it did not travel any more.".to_owned(),
            Self::Stayed => "Not done: the cookie is still there, under another path or domain.".to_owned(),
            Self::Missing(place) => format!(
                "Refused, or gone since: the request of {} did not carry it, and scripts do not see it.",
                at(*place)
            ),
            Self::Unknown => "Not known yet: no later request would have carried it. Send one now.".to_owned(),
        }
    }
}

/// Looks at what came after the exchange at `place`.
pub(super) fn kept(cookie: &SetCookie, exchanges: &[Exchange], place: usize, entries: &[Entry], now: i64) -> Kept {
    let Some(exchange) = exchanges.get(place) else { return Kept::Unknown };
    let default = default_path(&exchange.path);
    let path = cookie.line.read_path().unwrap_or(default);
    let name = &cookie.line.name;
    let answered = exchange.at + i64::from(exchange.took_us) / 1_000;
    // What an even later answer did to it is another story.
    let until = exchanges.iter().skip(place + 1).position(|later| sets(later, name));
    let later = exchanges.iter().enumerate().skip(place + 1).take(until.map_or(usize::MAX, |until| until + 1));
    let asked: Vec<_> = later
        .filter(|(_, later)| later.at >= answered && covers(path, &later.path) && later.path != WITHOUT_COOKIES)
        .collect();
    let carried = |later: &Exchange| cookies(later).any(|carried| carried == name);
    let seen = entries.iter().any(|entry| entry.name == *name && entry.seen_by_scripts);
    match (cookie.life(now), asked.iter().find(|(_, later)| carried(later)), asked.last()) {
        (Life::Ends, _, Some((_, last))) if carried(last) => Kept::Stayed,
        (Life::Ends, _, Some(_)) => Kept::Gone,
        (Life::Ends, _, None) if seen => Kept::Stayed,
        (Life::Ends, _, None) => Kept::Unknown,
        (_, Some((place, _)), _) => Kept::Travelled(*place),
        _ if seen && until.is_none() => Kept::Seen,
        (_, None, Some((place, _))) => Kept::Missing(*place),
        (_, None, None) => Kept::Unknown,
    }
}

fn cookies(exchange: &Exchange) -> impl Iterator<Item = &str> {
    exchange.request.iter().flat_map(|field| &field.cookies).map(|cookie| cookie.name.as_str())
}

fn sets(exchange: &Exchange, name: &str) -> bool {
    let lines = exchange.response.iter().filter(|field| field.name == "set-cookie");
    lines.map(|field| SetCookie::read(&field.value, 0)).any(|cookie| cookie.line.name == name)
}

/// Whether a cookie's path covers a request's.
fn covers(path: &str, target: &str) -> bool {
    path_matches(target.split('?').next().unwrap_or_default(), path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        browser::Expires,
        wire::{HeaderField, ReceivedCookie},
    };

    fn exchange(path: &str, carried: &[&str], set: &[&str]) -> Exchange {
        let field = |name: &str, value: &str, cookies| HeaderField {
            name: name.into(),
            value: value.into(),
            bytes: 0,
            cookies,
        };
        let cookies = carried.iter().map(|name| ReceivedCookie { name: (*name).into(), bytes: 1 }).collect();
        Exchange {
            id: String::new(),
            at: 0,
            method: "GET".into(),
            path: path.into(),
            version: "HTTP/1.1".into(),
            status: 200,
            request: vec![field("cookie", "", cookies)],
            response: set.iter().map(|line| field("set-cookie", line, Vec::new())).collect(),
            request_body: None,
            response_body: None,
            took_us: 0,
        }
    }

    fn judged(line: &str, later: &[Exchange], entries: &[Entry]) -> Kept {
        let first = exchange("/lab/cookie", &[], &[line]);
        let all: Vec<_> = [first].into_iter().chain(later.iter().cloned()).collect();
        kept(&SetCookie::read(line, 0), &all, 0, entries, 0)
    }

    #[test]
    fn a_cookie_is_kept_when_it_travels_or_scripts_see_it() {
        let line = "lab-a=1; Path=/";
        assert_eq!(judged(line, &[exchange("/api/observe", &["lab-a"], &[])], &[]), Kept::Travelled(1));
        assert_eq!(judged(line, &[], &[Entry::new("lab-a".into(), "1", Expires::BrowserSession)]), Kept::Seen);
        assert_eq!(judged(line, &[exchange("/api/observe", &["lab-b"], &[])], &[]), Kept::Missing(1));
        assert_eq!(judged(line, &[], &[]), Kept::Unknown);
    }

    #[test]
    fn only_a_request_to_its_path_and_with_credentials_can_show_it() {
        let line = "lab-a=1; Path=/lab";
        let elsewhere =
            [exchange("/api/observe", &[], &[]), exchange("/labs", &[], &[]), exchange(WITHOUT_COOKIES, &[], &[])];
        assert_eq!(judged(line, &elsewhere, &[]), Kept::Unknown);
        assert_eq!(judged(line, &[exchange("/lab/echo?x", &["lab-a"], &[])], &[]), Kept::Travelled(1));
        assert_eq!(judged("lab-a=1", &[exchange("/lab", &[], &[])], &[]), Kept::Missing(1));
        assert_eq!(judged("lab-a=1", &[exchange("/", &[], &[])], &[]), Kept::Unknown);
    }

    #[test]
    fn what_a_later_answer_did_is_not_held_against_an_earlier_one() {
        let line = "lab-a=1; Path=/";
        let ended = exchange("/lab/cookie", &["lab-a"], &["lab-a=; Path=/; Max-Age=0"]);
        let after = exchange("/api/observe", &[], &[]);
        assert_eq!(judged(line, &[ended.clone(), after.clone()], &[]), Kept::Travelled(1));
        let all = [exchange("/lab/cookie", &[], &[line]), ended, after];
        assert_eq!(kept(&SetCookie::read("lab-a=; Path=/; Max-Age=0", 0), &all, 1, &[], 0), Kept::Gone);
    }

    #[test]
    fn a_cookie_that_is_to_go_and_travels_on_has_stayed() {
        let line = "lab-a=; Path=/; Max-Age=0";
        assert_eq!(judged(line, &[exchange("/api/observe", &["lab-a"], &[])], &[]), Kept::Stayed);
    }
}
