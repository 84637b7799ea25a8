//! What the measured facts say to each line of the textbook. No fact is assumed: what was not measured stays open.

use super::{
    book::{Finding, Question, Verdict},
    other_tab::FromOtherTab,
};
use crate::{
    browser::{Expires, Store},
    sessions::SESSION_LIMIT_BYTES,
    words::{in_words, thousands},
};

/// What was measured. `None` is what could not be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub browser: String,
    /// Why cookies, sessionStorage and localStorage did not keep their markers, where they did not.
    pub refused: [Option<String>; 3],
    /// Whether the server told what it sees.
    pub server_answered: bool,
    /// What a request with the browser's credentials carried.
    pub with_credentials: Option<Carried>,
    /// What a request without them carried.
    pub without_credentials: Option<Carried>,
    /// The session, where there is one.
    pub session: Option<Session>,
    pub other_tab: Option<FromOtherTab>,
    /// How long a cookie is kept that was set for [`ASKED_FOR`], in seconds.
    pub long_cookie: Option<i64>,
    /// When a cookie ends that was set without an end.
    pub plain_cookie: Option<Expires>,
    /// Whether the browser promised not to clear the origin's storage for want of space.
    pub persisted: Option<bool>,
    /// By how many bytes the browser's estimate grew when [`FILLED_UNITS`] were put into localStorage.
    pub estimated: Option<u64>,
}

/// Ten years, in seconds.
pub(super) const ASKED_FOR: i64 = 10 * 365 * 86_400;
/// UTF-16 units that are put into localStorage to see whether the estimate counts them.
pub(super) const FILLED_UNITS: usize = 200_000;
/// An idle time within a minute of this is what the textbook prints.
const THIRTY_MINUTES: i64 = 30 * 60;

/// What a request carried of the markers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Carried {
    /// Bytes of the marker cookie.
    pub cookie: Option<u32>,
    /// Bytes of the session's cookie.
    pub session_id: Option<u32>,
    /// Whether the marker of sessionStorage, localStorage or the server session was anywhere in the request.
    pub values: [bool; 3],
}

/// What was found of the server session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Session {
    /// Whether the server gave the marker back.
    pub marker_came_back: bool,
    /// Seconds that are left if nothing more is asked of it.
    pub left: i64,
}

const NO_SESSION: &str = "There is no session yet. Put something into it and measure again.";
const NO_ANSWER: &str = "The server did not say what it received. Check the connection and measure again.";
const NO_OTHER_TAB: &str = "not looked at from another tab";

use Verdict::{Agrees, Differs, Open};

/// What fits into one of the browser's stores: bytes of a cookie, UTF-16 units of an area.
pub(super) fn capacity(store: Store, fits: u32) -> (Verdict, String) {
    const MEBI: u32 = 1 << 20;
    let number = thousands(fits.into());
    match store {
        Store::Cookies => {
            let verdict = if fits.div_ceil(1_024) == 4 { Agrees } else { Differs };
            (verdict, format!("{number} bytes of name and value"))
        }
        store => {
            let printed = if store == Store::SessionStorage { 5 } else { 10 };
            let verdict = if fits / MEBI == printed { Agrees } else { Differs };
            (verdict, format!("{number} UTF-16 units, which is {} MB of plain letters", fits / MEBI))
        }
    }
}

/// A finding for every line but the capacity of the browser's stores, which has its own tool.
pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let questions = [
        (Question::Browsers, browsers as fn(&Facts, Store) -> (Verdict, String)),
        (Question::AccessibleFrom, accessible_from),
        (Question::Expires, expires),
        (Question::Location, location),
        (Question::Sent, sent),
    ];
    for (question, of) in questions {
        for store in Store::DEFAULT {
            let (verdict, here) = match facts.refused.get(store as usize) {
                Some(Some(why)) => (Open, format!("It cannot be tried here. {why}")),
                _ => of(facts, store),
            };
            findings.push(Finding { question, store, here, verdict });
        }
    }
    let here = format!("{} bytes for one session, by this server’s own rule", thousands(SESSION_LIMIT_BYTES.into()));
    findings.push(Finding { question: Question::Capacity, store: Store::ServerSession, here, verdict: Agrees });
    findings
}

fn browsers(facts: &Facts, store: Store) -> (Verdict, String) {
    let browser = &facts.browser;
    match (store, facts.session) {
        (Store::ServerSession, Some(_)) => (Agrees, format!("{browser} sent the session’s id")),
        (Store::ServerSession, None) => no_session(facts),
        _ => (Agrees, format!("{browser} kept the marker")),
    }
}

/// Why there is nothing to say of the session.
fn no_session(facts: &Facts) -> (Verdict, String) {
    (Open, if facts.server_answered { NO_SESSION } else { NO_ANSWER }.to_owned())
}

fn accessible_from(facts: &Facts, store: Store) -> (Verdict, String) {
    let any_window = |seen: fn(FromOtherTab) -> bool| match facts.other_tab.map(seen) {
        Some(true) => (Agrees, "another tab: yes"),
        Some(false) => (Differs, "another tab: no"),
        None => (Open, NO_OTHER_TAB),
    };
    match store {
        Store::Cookies => {
            let (verdict, other) = any_window(|tab| tab.cookie);
            let server = match facts.with_credentials {
                Some(Carried { cookie: Some(_), .. }) => "yes",
                Some(_) => "no",
                None => "not known",
            };
            (verdict, format!("scripts of this tab: yes; the server: {server}; {other}"))
        }
        Store::LocalStorage => {
            let (verdict, other) = any_window(|tab| tab.local_storage);
            (verdict, format!("scripts of this tab: yes; {other}"))
        }
        Store::SessionStorage => match facts.other_tab {
            None => (Open, format!("scripts of this tab: yes; {NO_OTHER_TAB}")),
            Some(FromOtherTab { session_storage_after: true, .. }) => {
                (Differs, "another tab saw what was put in here".to_owned())
            }
            Some(FromOtherTab { session_storage_before: true, .. }) => (
                Differs,
                "a tab opened from here began with a copy; what was put in here afterwards it did not see".to_owned(),
            ),
            Some(_) => (Agrees, "scripts of this tab: yes; a tab opened from here: no".to_owned()),
        },
        _ => match facts.session {
            None => no_session(facts),
            Some(Session { marker_came_back: true, .. }) => {
                (Agrees, "the server, which gave the marker back to this page".to_owned())
            }
            Some(_) => (Differs, "the server did not give the marker back".to_owned()),
        },
    }
}

fn expires(facts: &Facts, store: Store) -> (Verdict, String) {
    match store {
        Store::Cookies => {
            let plain = match facts.plain_cookie {
                Some(Expires::BrowserSession) => "; set without an end, it ends with the browser session",
                _ => "",
            };
            match facts.long_cookie {
                None => (Open, "this browser does not tell scripts".to_owned()),
                // The clocks' seconds differ by one or two.
                Some(kept) if kept >= ASKED_FOR - 60 => (Agrees, format!("as asked: in {}{plain}", in_words(kept))),
                Some(kept) => {
                    (Differs, format!("asked for {}, kept for {}{plain}", in_words(ASKED_FOR), in_words(kept + 1)))
                }
            }
        }
        Store::SessionStorage => {
            (Open, "only closing the tab shows it: try it under “Survival”".to_owned())
        }
        Store::LocalStorage => match facts.persisted {
            Some(true) => (Agrees, "the browser promised to keep it (navigator.storage.persisted)".to_owned()),
            Some(false) => (
                Differs,
                "no end is set, but the browser may clear it when space runs short: navigator.storage.persisted() is false"
                    .to_owned(),
            ),
            None => (Open, "this browser does not say whether it promises to keep it".to_owned()),
        },
        _ => match facts.session {
            None => no_session(facts),
            Some(Session { left, .. }) => {
                let verdict = if (left - THIRTY_MINUTES).abs() <= 60 { Agrees } else { Differs };
                (verdict, format!("in {}, if nothing more is asked of it", in_words(left)))
            }
        },
    }
}

fn location(facts: &Facts, store: Store) -> (Verdict, String) {
    let Some(carried) = facts.with_credentials else { return (Open, NO_ANSWER.to_owned()) };
    match (store, carried) {
        (Store::Cookies, Carried { cookie: Some(bytes), .. }) => {
            (Agrees, format!("this browser keeps it; {bytes} bytes of it arrived at the server"))
        }
        (Store::Cookies, _) => (Differs, "this browser keeps it; it did not arrive at the server".to_owned()),
        (Store::ServerSession, _) => match (facts.session, carried.session_id) {
            (None, _) => no_session(facts),
            (Some(Session { marker_came_back: true, .. }), Some(bytes)) => {
                (Agrees, format!("the server keeps the value; this browser keeps {bytes} bytes of name and id"))
            }
            _ => (Differs, "the server did not keep the value".to_owned()),
        },
        (store, _) if travelled(carried, store) => (Differs, "its marker arrived at the server".to_owned()),
        (store, _) => {
            let estimate = match (store, facts.estimated) {
                (Store::LocalStorage, Some(bytes)) => format!(
                    "; with {} units more in it, the browser’s estimate of what is used grew by {} bytes",
                    thousands(FILLED_UNITS as u64),
                    thousands(bytes)
                ),
                _ => String::new(),
            };
            (Agrees, format!("its marker was nowhere in the request{estimate}"))
        }
    }
}

fn sent(facts: &Facts, store: Store) -> (Verdict, String) {
    let Some(carried) = facts.with_credentials else { return (Open, NO_ANSWER.to_owned()) };
    match store {
        Store::Cookies => match (carried.cookie, facts.without_credentials) {
            (None, _) => (Differs, "no: the marker did not arrive".to_owned()),
            (Some(bytes), Some(Carried { cookie: None, .. })) => {
                (Differs, format!("yes, {bytes} bytes; but not with a request without credentials"))
            }
            (Some(bytes), _) => (Agrees, format!("yes, {bytes} bytes")),
        },
        Store::ServerSession => match (facts.session, carried.session_id) {
            (None, _) => no_session(facts),
            (Some(_), Some(bytes)) if !travelled(carried, store) => {
                (Agrees, format!("the id only: {bytes} bytes in the cookie __Host-session"))
            }
            _ => (Differs, "the value itself arrived".to_owned()),
        },
        store if travelled(carried, store) => (Differs, "yes: its marker arrived".to_owned()),
        _ => (Agrees, "no: its marker was nowhere in the request".to_owned()),
    }
}

fn travelled(carried: Carried, store: Store) -> bool {
    carried.values.get((store as usize).saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chromium() -> Facts {
        let carried = |cookie| Carried { cookie, session_id: Some(79), values: [false; 3] };
        Facts {
            browser: "Chromium 141".into(),
            refused: Default::default(),
            server_answered: true,
            with_credentials: Some(carried(Some(30))),
            without_credentials: Some(carried(None)),
            session: Some(Session { marker_came_back: true, left: 1_799 }),
            other_tab: Some(FromOtherTab {
                cookie: true,
                local_storage: true,
                session_storage_before: true,
                session_storage_after: false,
            }),
            long_cookie: Some(400 * 86_400 - 1),
            plain_cookie: Some(Expires::BrowserSession),
            persisted: Some(false),
            estimated: Some(0),
        }
    }

    fn verdicts(facts: &Facts, question: Question) -> Vec<Verdict> {
        judge(facts).into_iter().filter(|found| found.question == question).map(|found| found.verdict).collect()
    }

    fn words(facts: &Facts, question: Question, store: Store) -> String {
        judge(facts).into_iter().find(|found| (found.question, found.store) == (question, store)).unwrap().here
    }

    #[test]
    fn what_chromium_does_differs_from_print_in_four_places() {
        let facts = chromium();
        assert_eq!(verdicts(&facts, Question::Browsers), [Agrees; 4]);
        assert_eq!(verdicts(&facts, Question::AccessibleFrom), [Agrees, Differs, Agrees, Agrees]);
        assert_eq!(verdicts(&facts, Question::Expires), [Differs, Open, Differs, Agrees]);
        assert_eq!(verdicts(&facts, Question::Location), [Agrees; 4]);
        assert_eq!(verdicts(&facts, Question::Sent), [Differs, Agrees, Agrees, Agrees]);
        let kept = "asked for 3650 d, kept for 400 d; set without an end, it ends with the browser session";
        assert_eq!(words(&facts, Question::Expires, Store::Cookies), kept);
    }

    #[test]
    fn both_areas_of_web_storage_hold_the_same_whatever_is_printed() {
        assert_eq!(capacity(Store::Cookies, 4_096).0, Agrees);
        assert_eq!(capacity(Store::SessionStorage, 5_242_880).0, Agrees);
        let (verdict, words) = capacity(Store::LocalStorage, 5_242_880);
        assert_eq!((verdict, words.as_str()), (Differs, "5,242,880 UTF-16 units, which is 5 MB of plain letters"));
    }

    #[test]
    fn what_was_not_measured_stays_open() {
        let nothing = Facts::default();
        let open: Vec<_> = judge(&nothing).into_iter().filter(|found| found.verdict != Open).collect();
        let agreed: Vec<_> = open.iter().map(|found| found.question).collect();
        assert_eq!(agreed, [Question::Browsers, Question::Browsers, Question::Browsers, Question::Capacity]);
    }

    #[test]
    fn a_store_that_keeps_nothing_is_told() {
        let facts = Facts { refused: [Some("The browser denies it.".into()), None, None], ..chromium() };
        for question in [Question::Browsers, Question::Sent] {
            assert_eq!(verdicts(&facts, question)[0], Open);
            assert_eq!(words(&facts, question, Store::Cookies), "It cannot be tried here. The browser denies it.");
        }
    }

    #[test]
    fn a_server_that_does_not_answer_is_not_taken_for_one_without_a_session() {
        let facts = Facts { session: None, server_answered: false, ..chromium() };
        assert_eq!(words(&facts, Question::Browsers, Store::ServerSession), NO_ANSWER);
        let facts = Facts { server_answered: true, ..facts };
        assert_eq!(words(&facts, Question::Browsers, Store::ServerSession), NO_SESSION);
    }

    #[test]
    fn a_value_that_travels_against_the_book_is_told() {
        let mut facts = chromium();
        facts.with_credentials = Some(Carried { cookie: Some(1), session_id: Some(1), values: [true, false, true] });
        assert_eq!(verdicts(&facts, Question::Sent), [Differs, Differs, Agrees, Differs]);
        assert_eq!(verdicts(&facts, Question::Location), [Agrees, Differs, Agrees, Agrees]);
    }
}
