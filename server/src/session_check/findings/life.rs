//! When a session begins and ends.

use super::{Check, Finding, Severity};
use crate::session_check::course::{Idle, LogOut, Planted, Seen, SessionCookie};
use cookie::{Cookie, Expiration};
use std::{fmt::Display, time::Duration};

/// NIST SP 800-63B-4 §2.1.3: who is logged in proves it again after 30 days at the latest, at the lowest level.
const LONG_DAYS: i64 = 30;
/// How much later than the beginning of the check a date may be counted from.
const CHECK_SECONDS: i64 = 60;

pub(super) fn judge(seen: &Seen) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(early(seen));
    if !seen.session.is_empty() {
        findings.push(seen.planted.as_ref().map_or_else(not_tried, |planted| fixation(seen, planted)));
        findings.extend(log_out(seen));
        findings.extend(lifetime(seen));
        findings.push(idle(seen));
    }
    findings
}

fn names(seen: &Seen) -> String {
    seen.session.iter().map(|cookie| cookie.name.as_str()).collect::<Vec<_>>().join(" and ")
}

fn early(seen: &Seen) -> Option<Finding> {
    let first = &seen.exchanges[seen.stranger];
    let is_session = |name: &str| seen.session.iter().any(|cookie| cookie.name == name);
    let set = first.set_cookies().into_iter().find(|cookie| is_session(cookie.name()));
    match set {
        _ if seen.session.is_empty() => None,
        Some(cookie) => {
            let words = format!("The first answer to a stranger sets {} already.", cookie.name());
            let remedy = "Begin a session when something is to be kept in it. Express: saveUninitialized: false.";
            Some(Finding::new(Check::Early, Severity::Note, words).remedy(remedy).seen_in(seen.stranger))
        }
        None => Some(Finding::ok(Check::Early, "A stranger’s first visit sets none.").seen_in(seen.stranger)),
    }
}

fn not_tried() -> Finding {
    let words = "It was not tried: nobody had an identifier before the log-in, or the log-in was refused with it.";
    Finding::new(Check::Fixation, Severity::Note, words).remedy("storage-lab check-session tries one that it makes up.")
}

fn fixation(seen: &Seen, planted: &Planted) -> Finding {
    let names = names(seen);
    let whose =
        if planted.is_of_the_app { "that the app had given a stranger" } else { "that the app had never given" };
    let is_kept = seen.before.iter().any(|(name, value)| {
        seen.session.iter().any(|cookie| cookie.name == *name && cookie.identifiers.first() == Some(value))
    });
    if planted.came_in {
        let words = format!("Somebody logs in with a {names} {whose}, and whoever knows it is logged in too.");
        let remedy = "Give a new identifier at each log-in and end the old one. Express: req.session.regenerate; PHP: \
                      session_regenerate_id(true) and session.use_strict_mode=1; Django and Spring Security do so by themselves.";
        return Finding::new(Check::Fixation, Severity::Error, words).remedy(remedy).seen_in(planted.exchange);
    }
    if is_kept {
        let words = format!("The log-in leaves {names} as it was, and yet who has it alone does not come in.");
        return Finding::new(Check::Fixation, Severity::Note, words).seen_in(planted.exchange);
    }
    Finding::ok(Check::Fixation, format!("A {names} from before the log-in, one {whose}, lets nobody in after it."))
        .seen_in(planted.exchange)
}

fn log_out(seen: &Seen) -> Vec<Finding> {
    let names = names(seen);
    let Some(LogOut { left, still_in, replay, old_lets_in, kept, exchanges }) = &seen.log_out else {
        let words = "It was not tried: the file has no [[logout]].";
        return vec![Finding::new(Check::LogOut, Severity::Note, words).remedy("Add the request that logs out.")];
    };
    let refused = seen.exchanges[exchanges.clone()].iter().position(|exchange| exchange.status.as_u16() >= 400);
    if let (Some(index), true) = (refused, *still_in) {
        let at = exchanges.start + index;
        let words = format!("It was not tried: the log-out was answered {}.", seen.exchanges[at].status.as_u16());
        let remedy = "Send what the app asks for, such as its token against forged requests.";
        return vec![Finding::new(Check::LogOut, Severity::Warning, words).remedy(remedy).seen_in(at)];
    }
    let remedy = "End the session in the server’s own store. Where the cookie holds all of it, keep a list of the ended ones, or a \
                  number for each account that a log-out raises.";
    let ended = if *still_in {
        let words = "Who has logged out still sees the page.";
        Finding::new(Check::LogOut, Severity::Error, words)
            .remedy("See that the right request logs out, and that the app takes it.")
            .seen_in(*left)
    } else if *old_lets_in {
        let words = format!("The old {names} still lets in after the log-out.");
        Finding::new(Check::LogOut, Severity::Error, words).remedy(remedy).seen_in(*replay)
    } else {
        Finding::ok(Check::LogOut, format!("The old {names} lets nobody in any more.")).seen_in(*replay)
    };
    let deleted = if kept.is_empty() {
        Finding::ok(Check::Deletion, "The browser keeps nothing of the old session.")
            .seen_in(exchanges.end.checked_sub(1))
    } else {
        let words = format!("The browser still has the old {}.", kept.join(" and "));
        let remedy = "Delete it with a Set-Cookie of the same name, Path and Domain and Max-Age=0.";
        Finding::new(Check::Deletion, Severity::Note, words).remedy(remedy).seen_in(exchanges.end.checked_sub(1))
    };
    vec![ended, deleted]
}

/// How many seconds a cookie names.
fn lasts(seen: &Seen, cookie: &Cookie<'_>) -> Option<i64> {
    cookie.max_age().map(|span| span.whole_seconds()).or_else(|| match cookie.expires()? {
        Expiration::DateTime(end) => Some(end.unix_timestamp() - seen.now),
        Expiration::Session => None,
    })
}

fn spelled(seconds: i64) -> impl Display {
    humantime::format_duration(Duration::from_secs(seconds.max(0).unsigned_abs()))
}

/// Whether a session ends when nothing is asked: as it was tried or, where it was not, as far as the cookie's end shows it.
fn idle(seen: &Seen) -> Finding {
    if let Some(Idle { exchange, waited, still_in }) = seen.idle {
        let waited = humantime::format_duration(waited);
        return if still_in {
            let words = format!("After {waited} without a request the session still lets in.");
            Finding::new(Check::Idle, Severity::Warning, words)
                .remedy("Let the server note when a session was used last, and end one that was not for so long.")
        } else {
            Finding::ok(Check::Idle, format!("After {waited} without a request the session lets nobody in."))
        }
        .seen_in(exchange);
    }
    // Each request puts the end off where the answer sets the cookie again.
    let renewed = seen.session.iter().find_map(|cookie| {
        let set = seen.exchanges[seen.member].set_cookie(&cookie.name)?;
        lasts(seen, &set).map(|seconds| (&cookie.name, seconds))
    });
    match renewed {
        Some((name, seconds)) => {
            let words = format!("{name} ends {} after the last request: each answer sets it again.", spelled(seconds));
            Finding::ok(Check::Idle, words)
        }
        None => {
            let words = "No answer shows it: the server may end a session that is not used, and may not.";
            let remedy =
                "Wait and see: idle = \"30m\" in the file of storage-lab check-session waits so long, and asks again.";
            Finding::new(Check::Idle, Severity::Note, words).remedy(remedy)
        }
    }
    .seen_in(seen.member)
}

fn lifetime(seen: &Seen) -> Vec<Finding> {
    let judge = |cookie: &SessionCookie| {
        let seconds = lasts(seen, &seen.exchanges[cookie.set?].set_cookie(&cookie.name)?);
        let name = &cookie.name;
        Some(match seconds {
            None => {
                let words = format!("{name} names no end: it lasts as long as the browser, and on the server as long as that says.");
                Finding::ok(Check::Lifetime, words)
            }
            Some(seconds) if seconds > LONG_DAYS * 86_400 + CHECK_SECONDS => {
                let words = format!("{name} lasts {} days.", seconds / 86_400);
                let remedy = "Let the server end a session after a time without requests, and in any case after 30 days or less.";
                Finding::new(Check::Lifetime, Severity::Note, words).remedy(remedy)
            }
            Some(seconds) => Finding::ok(Check::Lifetime, format!("{name} lasts {}.", spelled(seconds))),
        }
        .seen_in(cookie.set))
    };
    seen.session.iter().filter_map(judge).collect()
}
