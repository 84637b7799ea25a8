//! The lanes of a cookie: what scripts read, what the server received with the page's requests, and what it receives
//! under other paths. Joined into one list, and the differences put into words.

use super::http::{ECHO, ECHO_AT_ROOT, echo};
use crate::{
    browser::{
        entry::{CookieFlags, Entry, Expires, ScriptCookie},
        sizes::bytes,
        store::Store,
        web_storage::Area,
    },
    sessions::SESSION_COOKIE,
    wire::ReceivedCookie,
};
use std::net::IpAddr;

/// Where this tab remembers for which paths it made cookies: one `name=path` a line.
pub(crate) const REMEMBERED: &str = "lab-paths";
/// The path that `observe` is asked at. Cookies for it alone arrive there too.
pub(super) const OBSERVED_AT: &str = "/api/observe";

/// What arrived at one of the echo's paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub path: String,
    pub cookies: Vec<ReceivedCookie>,
}

/// A cookie that this tab made for a path that is not the page's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remembered {
    pub name: String,
    pub path: String,
}

/// What is known beyond what the page's own requests carry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Elsewhere {
    pub arrivals: Vec<Arrival>,
    pub remembered: Vec<Remembered>,
}

impl Elsewhere {
    /// Asks the echo at every path that matters. Where there are `any` cookies, one more of the same name may be for the echo
    /// alone. Of what is `hidden` from scripts the echo at the root tells whether that is for `HttpOnly` or for a path: no
    /// cookie but one for `/` arrives both there and at `observe`.
    pub async fn look(any: bool, hidden: bool) -> Self {
        let remembered = remembered();
        let mut paths: Vec<_> = remembered.iter().filter_map(|cookie| asked_at(&cookie.path)).collect();
        if any || !paths.is_empty() {
            paths.push(ECHO.to_owned());
        }
        if hidden {
            paths.push(ECHO_AT_ROOT.to_owned());
        }
        paths.sort_by_key(String::len);
        paths.dedup();
        let mut arrivals = Vec::new();
        for path in paths {
            if let Some(cookies) = echo(&path).await {
                arrivals.push(Arrival { path, cookies });
            }
        }
        Self { arrivals, remembered }
    }
}

/// The path at which the echo receives a cookie for `path`, where there is one.
pub(crate) fn asked_at(path: &str) -> Option<String> {
    if path_matches(ECHO, path) {
        return Some(ECHO.to_owned());
    }
    let below = path.strip_prefix(ECHO).is_some_and(|rest| rest.starts_with('/') && rest.len() > 1);
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#%\\\"<>`{}".contains(&byte));
    // A browser would shorten a path with dots.
    let kept = path.split('/').all(|part| part != "." && part != "..");
    (below && plain && kept).then(|| path.to_owned())
}

/// RFC 6265bis §5.1.4.
pub(crate) fn path_matches(request: &str, cookie: &str) -> bool {
    request == cookie || request.strip_prefix(cookie).is_some_and(|rest| cookie.ends_with('/') || rest.starts_with('/'))
}

/// The path of a cookie that names none: that of the request's target up to its last slash (RFC 6265bis §5.1.4).
pub(crate) fn default_path(target: &str) -> &str {
    let path = target.split('?').next().unwrap_or_default();
    match path.rfind('/') {
        Some(0) | None => "/",
        Some(end) => &path[..end],
    }
}

/// The paths of cookies that arrive at `request` and not at `/`, the longest first.
pub(crate) fn paths_to(request: &str) -> Vec<&str> {
    let ends = (2..=request.len()).rev();
    ends.map(|end| &request[..end]).filter(|path| path_matches(request, path)).collect()
}

/// The domains of cookies that a host receives beside its own: itself and those above it that are no single label.
pub(super) fn domains_of(host: &str) -> Vec<&str> {
    let above = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]).filter(|domain| domain.contains('.'));
    let above: Vec<_> = if host.parse::<IpAddr>().is_ok() { Vec::new() } else { above.collect() };
    [host].into_iter().chain(above).collect()
}

/// Remembers for which path this tab made a cookie, unless the page's own requests carry it.
pub(crate) fn remember(name: &str, path: &str) {
    let mut all = remembered();
    all.retain(|cookie| cookie.name != name || cookie.path != path);
    if path != "/" {
        all.push(Remembered { name: name.to_owned(), path: path.to_owned() });
    }
    write(&all);
}

/// Forgets a cookie that was deleted.
pub(crate) fn forget(name: &str, path: &str) {
    let mut all = remembered();
    all.retain(|cookie| cookie.name != name || cookie.path != path);
    write(&all);
}

fn remembered() -> Vec<Remembered> {
    let lines = Area::Session.get(REMEMBERED).unwrap_or_default();
    let cookies = lines.lines().filter_map(|line| line.split_once('='));
    cookies.map(|(name, path)| Remembered { name: name.into(), path: path.into() }).collect()
}

fn write(all: &[Remembered]) {
    let lines: Vec<_> = all.iter().map(|cookie| format!("{}={}", cookie.name, cookie.path)).collect();
    // A browser that denies the area shows cookies for other paths as long as it is asked for them.
    if lines.is_empty() {
        let _ = Area::Session.delete(REMEMBERED);
    } else {
        let _ = Area::Session.set(REMEMBERED, &lines.join("\n"));
    }
}

/// Joins the lanes. Scripts' order first, then what only the server saw.
pub(crate) fn join(scripts: &[ScriptCookie], received: &[ReceivedCookie], elsewhere: &Elsewhere) -> Vec<Entry> {
    let mut hidden = received.to_vec();
    let exact: Vec<_> = scripts
        .iter()
        .map(|cookie| {
            let bytes = bytes(&cookie.name) + bytes(&cookie.value);
            take(&mut hidden, &cookie.name, Some(bytes)).is_some()
        })
        .collect();
    // Between the two looks a value may have changed: then the name alone says which is which. Octets that are no UTF-8 reach
    // scripts as U+FFFD, or Chromium's as nothing: what travels is counted then.
    let mut entries: Vec<_> = scripts
        .iter()
        .zip(exact)
        .map(|(cookie, exact)| {
            let otherwise = if exact { None } else { take(&mut hidden, &cookie.name, None) };
            let mut entry = Entry {
                path: cookie.path.clone(),
                seen_by_server: Some(exact || otherwise.is_some()),
                flags: CookieFlags { http_only: Some(false), ..cookie.flags.clone() },
                ..Entry::new(cookie.name.clone(), cookie.value.as_str(), cookie.expires)
            };
            let is_no_text = cookie.value.is_empty() || cookie.value.contains(char::REPLACEMENT_CHARACTER);
            if let Some(arrived) = otherwise.filter(|_| is_no_text) {
                entry.bytes = arrived.bytes;
            }
            entry
        })
        .collect();

    let at_root = elsewhere.arrivals.iter().find(|arrival| arrival.path == ECHO_AT_ROOT);
    let mut at_root = at_root.map(|arrival| unknown_at(arrival, &entries));
    for arrived in hidden {
        let mut entry = unseen(&arrived);
        if let Some(at_root) = at_root.as_mut().filter(|_| !entry.protected) {
            if take(at_root, &arrived.name, Some(arrived.bytes)).is_some() {
                entry.path = Some("/".into());
                entry.flags.http_only = Some(true);
            } else {
                entry.path = path_of(&arrived.name, OBSERVED_AT, elsewhere);
                entry.only_at = Some(OBSERVED_AT.into());
            }
        }
        entries.push(entry);
    }

    // The shortest path first: a cookie travels to the longer ones too.
    for arrival in &elsewhere.arrivals {
        let new = unknown_at(arrival, &entries);
        entries.extend(new.iter().map(|arrived| Entry {
            path: path_of(&arrived.name, &arrival.path, elsewhere),
            only_at: Some(arrival.path.clone()),
            ..unseen(arrived)
        }));
    }
    entries
}

/// What arrived that is none of the entries known to travel there.
fn unknown_at(arrival: &Arrival, entries: &[Entry]) -> Vec<ReceivedCookie> {
    let mut new = arrival.cookies.clone();
    for known in entries {
        let travels_here = match &known.only_at {
            None => known.seen_by_server == Some(true),
            Some(_) => known.path.as_deref().is_some_and(|path| path_matches(&arrival.path, path)),
        };
        if travels_here {
            take(&mut new, &known.name, Some(known.bytes));
        }
    }
    new
}

/// The path of a cookie that arrived at `at`, where this tab made one of that name for such a path.
fn path_of(name: &str, at: &str, elsewhere: &Elsewhere) -> Option<String> {
    let made = elsewhere.remembered.iter().filter(|cookie| cookie.name == name && path_matches(at, &cookie.path));
    made.max_by_key(|cookie| cookie.path.len()).map(|cookie| cookie.path.clone())
}

fn unseen(arrived: &ReceivedCookie) -> Entry {
    Entry {
        value: None,
        bytes: arrived.bytes,
        units: None,
        seen_by_scripts: false,
        seen_by_server: Some(true),
        protected: arrived.name == SESSION_COOKIE,
        ..Entry::new(arrived.name.clone(), "", Expires::Unknown)
    }
}

/// Takes out the first of a name, of so many bytes where that is asked for.
fn take(from: &mut Vec<ReceivedCookie>, name: &str, bytes: Option<u32>) -> Option<ReceivedCookie> {
    let wanted = |cookie: &ReceivedCookie| cookie.name == name && bytes.is_none_or(|bytes| cookie.bytes == bytes);
    from.iter().position(wanted).map(|place| from.remove(place))
}

/// Who sees an entry, with what tells the lanes apart.
pub(crate) fn seen_by(store: Store, entry: &Entry, awake: bool) -> String {
    let words = match (store, entry.seen_by_scripts, entry.seen_by_server) {
        (Store::ServerSession, ..) => "server only",
        (Store::Cookies, true, None) => "scripts; what travels is not seen from here",
        (_, true, None) => "scripts only",
        (_, true, Some(true)) if !entry.is_read_whole() => {
            "scripts and server; its octets are no UTF-8, and scripts do not read those"
        }
        (_, true, Some(true)) => "scripts and server",
        (_, true, Some(false)) => "scripts; it did not travel with the last request",
        (_, false, _) if entry.protected => "server only: HttpOnly",
        (_, false, _) if !awake => "server; scripts are not running",
        (_, false, _) => match (&entry.only_at, entry.flags.http_only) {
            (Some(at), _) => return format!("server; it travels to {at} only: Path"),
            (None, Some(true)) => "the server saw this cookie; scripts cannot: HttpOnly",
            (None, _) => "the server saw this cookie; scripts here cannot",
        },
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(name: &str, value: &str) -> ScriptCookie {
        let (name, value) = (name.into(), value.into());
        ScriptCookie { name, value, path: None, expires: Expires::BrowserSession, flags: CookieFlags::default() }
    }

    fn received(name: &str, bytes: u32) -> ReceivedCookie {
        ReceivedCookie { name: name.into(), bytes }
    }

    fn at(path: &str, cookies: &[ReceivedCookie]) -> Arrival {
        Arrival { path: path.into(), cookies: cookies.to_vec() }
    }

    fn words(entries: &[Entry]) -> Vec<String> {
        entries.iter().map(|entry| format!("{}: {}", entry.name, seen_by(Store::Cookies, entry, true))).collect()
    }

    #[test]
    fn a_cookie_that_only_the_server_saw_is_listed_without_its_value() {
        let seen = [received(SESSION_COOKIE, 80), received("lab-a", 6)];
        let entries = join(&[script("lab-a", "1")], &seen, &Elsewhere::default());
        assert_eq!(entries.len(), 2);
        assert_eq!((entries[0].seen_by_scripts, entries[0].seen_by_server), (true, Some(true)));
        assert_eq!((entries[1].seen_by_scripts, entries[1].seen_by_server), (false, Some(true)));
        assert_eq!((entries[1].value.as_deref(), entries[1].bytes, entries[1].protected), (None, 80, true));
    }

    #[test]
    fn a_cookie_that_did_not_travel_is_told_apart() {
        let entries = join(&[script("lab-a", "1")], &[], &Elsewhere::default());
        assert_eq!(entries[0].seen_by_server, Some(false));
    }

    #[test]
    fn what_the_server_receives_at_two_paths_and_scripts_do_not_see_is_http_only() {
        let seen = [received("lab-hidden", 12), received("lab-api", 8)];
        let arrivals = vec![at(ECHO_AT_ROOT, &seen[..1]), at(ECHO, &seen[..1])];
        let entries = join(&[], &seen, &Elsewhere { arrivals, remembered: Vec::new() });
        assert_eq!(
            words(&entries),
            [
                "lab-hidden: the server saw this cookie; scripts cannot: HttpOnly",
                "lab-api: server; it travels to /api/observe only: Path",
            ]
        );
        assert_eq!((entries[0].path.as_deref(), entries[0].flags.http_only), (Some("/"), Some(true)));
        assert_eq!(entries[1].flags.http_only, None);
    }

    #[test]
    fn two_cookies_of_one_name_are_two_entries() {
        let seen = [received("lab-a", 6), received("lab-a", 9)];
        let entries = join(&[script("lab-a", "1")], &seen, &Elsewhere::default());
        assert_eq!(entries.iter().map(|entry| entry.bytes).collect::<Vec<_>>(), [6, 9]);
        // A value that changed between the two looks is no second cookie.
        let entries = join(&[script("lab-a", "1")], &[received("lab-a", 9)], &Elsewhere::default());
        assert_eq!((entries.len(), entries[0].seen_by_server), (1, Some(true)));
    }

    #[test]
    fn a_cookie_for_another_path_is_listed_once_with_its_path() {
        let remembered = ["/lab/echo/x", "/lab"].map(|path| Remembered { name: "lab-a".into(), path: path.into() });
        let elsewhere = Elsewhere {
            arrivals: vec![
                at(ECHO, &[received("lab-a", 6), received("lab-b", 6)]),
                at("/lab/echo/x", &[received("lab-a", 6), received("lab-a", 6), received("lab-b", 6)]),
            ],
            remembered: remembered.to_vec(),
        };
        let entries = join(&[script("lab-b", "1")], &[received("lab-b", 6)], &elsewhere);
        let places: Vec<_> = entries.iter().map(|entry| (entry.name.as_str(), entry.path.as_deref())).collect();
        assert_eq!(places, [("lab-b", None), ("lab-a", Some("/lab")), ("lab-a", Some("/lab/echo/x"))]);
        assert_eq!(words(&entries)[2], "lab-a: server; it travels to /lab/echo/x only: Path");
    }

    #[test]
    fn one_of_two_cookies_of_one_name_that_is_for_another_path_and_http_only_is_listed() {
        let root = received("lab-dup", 11);
        let elsewhere =
            Elsewhere { arrivals: vec![at(ECHO, &[received("lab-dup", 10), root.clone()])], remembered: Vec::new() };
        let entries = join(&[script("lab-dup", "root")], &[root], &elsewhere);
        assert_eq!(
            words(&entries),
            ["lab-dup: scripts and server", "lab-dup: server; it travels to /lab/echo only: Path"]
        );
        assert_ne!(entries[0].key(), entries[1].key());
    }

    #[test]
    fn hidden_cookies_of_one_name_and_one_size_are_told_apart_by_where_they_arrive() {
        let dup = received("lab-dup", 8);
        let arrivals = |at_root: &[ReceivedCookie], echo: &[ReceivedCookie]| Elsewhere {
            arrivals: vec![at(ECHO_AT_ROOT, at_root), at(ECHO, echo)],
            remembered: Vec::new(),
        };
        let places = |entries: &[Entry]| -> Vec<(Option<String>, Option<String>)> {
            entries.iter().map(|entry| (entry.path.clone(), entry.only_at.clone())).collect()
        };
        let (for_root, for_api, for_lab) =
            ((Some("/".into()), None), (None, Some(OBSERVED_AT.into())), (None, Some(ECHO.into())));
        let one = std::slice::from_ref(&dup);
        let two = [dup.clone(), dup.clone()];
        let three = [dup.clone(), dup.clone(), dup.clone()];

        let apart = join(&[], one, &arrivals(&[], one));
        assert_eq!(places(&apart), [for_api.clone(), for_lab.clone()]);
        assert!(apart.iter().all(|entry| entry.flags.http_only.is_none()), "a path hides it as well");
        assert_ne!(apart[0].key(), apart[1].key());
        assert_eq!(places(&join(&[], one, &arrivals(one, one))), std::slice::from_ref(&for_root));
        let all = join(&[], &two, &arrivals(one, &two));
        assert_eq!(places(&all), [for_root.clone(), for_api.clone(), for_lab.clone()]);

        let of_script = join(&[script("lab-dup", "1")], &two, &arrivals(one, &two));
        assert_eq!(places(&of_script), [(None, None), for_api.clone(), for_lab.clone()]);
        let of_all = join(&[script("lab-dup", "1")], &three, &arrivals(&two, &three));
        assert_eq!(places(&of_all), [(None, None), for_root, for_api, for_lab]);
    }

    #[test]
    fn where_the_root_was_not_asked_no_path_is_claimed() {
        let hidden = [received("lab-a", 6)];
        for arrivals in [Vec::new(), vec![at(ECHO, &hidden)]] {
            let entries = join(&[], &hidden, &Elsewhere { arrivals, remembered: Vec::new() });
            assert_eq!(words(&entries), ["lab-a: the server saw this cookie; scripts here cannot"]);
        }
    }

    #[test]
    fn octets_that_are_no_text_are_counted_as_they_travel() {
        for read in ["caf\u{fffd}", ""] {
            let entries = join(&[script("lab-a", read)], &[received("lab-a", 9)], &Elsewhere::default());
            assert_eq!((entries.len(), entries[0].bytes), (1, 9));
            assert!(words(&entries)[0].contains("its octets are no UTF-8"));
        }
    }

    #[test]
    fn the_paths_and_domains_that_a_cookie_may_have_been_set_for() {
        assert_eq!(paths_to("/lab/echo"), ["/lab/echo", "/lab/", "/lab"]);
        assert_eq!(paths_to("/api/observe"), ["/api/observe", "/api/", "/api"]);
        assert_eq!(domains_of("a.lab.example"), ["a.lab.example", "lab.example"]);
        assert_eq!(domains_of("localhost"), ["localhost"]);
        assert_eq!(domains_of("127.0.0.1"), ["127.0.0.1"]);
    }

    // The cases of web-platform-tests' cookies/path/match.html and match-segment-boundaries.
    #[test]
    fn a_path_matches_whole_segments() {
        let matching = ["/", "/lab", "/lab/", "/lab/echo"].map(|cookie| path_matches("/lab/echo", cookie));
        assert_eq!(matching, [true; 4]);
        let others =
            ["/la", "/lab/echo/", "/lab/echo/x", "/labs", "/LAB"].map(|cookie| path_matches("/lab/echo", cookie));
        assert_eq!(others, [false; 5]);
    }

    #[test]
    fn the_echo_is_asked_where_the_cookie_travels_to() {
        let asked = |path| asked_at(path).unwrap_or_default();
        assert_eq!(["/", "/lab", "/lab/", "/lab/echo"].map(asked), [ECHO; 4]);
        assert_eq!(["/lab/echo/x", "/lab/echo/x/"].map(asked), ["/lab/echo/x", "/lab/echo/x/"]);
        let out_of_sight = ["/lab/echo/", "/x", "/lab/echo/a?b", "/lab/echo/../x", "/lab/echo/é", "/lab/echox"];
        assert_eq!(out_of_sight.map(asked), [""; 6]);
    }
}
