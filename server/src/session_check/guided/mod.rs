//! The check of a session while somebody logs in and out by a browser of their own: what they do is read from the wire of the app,
//! and the page that they choose is asked for in between, when they press a button.

mod page;
mod routes;
mod seen;

pub(crate) use routes::routes;

use self::seen::Watched;
use super::{
    CheckError,
    course::{LogOut, Planted, Seen, SessionCookie},
    exchange::{Cookies, Exchange, Stage},
    findings::{KEEP_IN_COOKIE, judge, token_kept},
    probe::{Known, Probe},
    report::Report,
    visitor::App,
};
use crate::app_proxy::{StorageEntry, Wire};

/// How far somebody has come.
#[derive(Default)]
enum Progress {
    #[default]
    Idle,
    /// They are to log in; exchanges after this number are theirs.
    LogIn {
        since: u64,
        fault: Option<String>,
    },
    /// They are logged in, and are to log out.
    LogOut {
        log_in: Box<LogIn>,
        fault: Option<String>,
    },
    Done(Box<Report>),
}

/// The page that was chosen.
#[derive(Clone)]
struct Chosen {
    /// Its path and query.
    target: String,
    /// What stands on it for who is logged in alone, where that was given.
    shows: Option<String>,
}

/// What was seen of a log-in.
struct LogIn {
    chosen: Chosen,
    watched: Watched,
    stranger: usize,
    member: usize,
    /// The names of the cookies that carry the session.
    session: Vec<String>,
    known: Known,
    /// Exchanges after this number are of this log-in.
    since: u64,
    /// What the browser has while it is logged in.
    cookies: Cookies,
    /// What it had of the session when it sent its log-in.
    before: Cookies,
    planted: Option<Planted>,
    /// How many of the exchanges are those of the log-in itself.
    count: usize,
}

fn app(wire: &Wire, watched: &Watched) -> Result<App, CheckError> {
    App::new(wire.upstream.clone(), Some(watched.agent()))
}

/// Looks at a log-in that has come to its end: which cookie carries the session, and whether it is a new one. What was chosen for the
/// session's cookies is not looked for.
///
/// # Errors
/// What hinders it, in words.
async fn look_at_log_in(wire: &Wire, since: u64, chosen: Chosen, named: Vec<String>) -> Result<LogIn, String> {
    let told = |error: CheckError| error.to_string();
    let mut watched = Watched::of(wire, since, &chosen.target)
        .ok_or("The app was not asked for that page since. Open it there, then press again.")?;
    let app = app(wire, &watched).map_err(told)?;
    let mut probe = Probe::new(&app, app.at(&chosen.target), chosen.shows.as_deref());
    let cookies = watched.cookies(&probe.page, Cookies::new(), wire.clock.now());
    probe.exchanges = std::mem::take(&mut watched.exchanges);
    let count = probe.exchanges.len();
    let (stranger, _) = probe.try_with(Cookies::new(), Stage::FirstVisit).await.map_err(told)?;
    let (member, _) = probe.try_with(cookies.clone(), Stage::Member).await.map_err(told)?;
    if !probe.tell_apart(stranger, member) {
        let status = probe.exchanges[member].status.as_u16();
        return Err(format!(
            "{} answers {status} to strangers too. Log in first, choose a page that only who is logged in sees, or give words that \
             stand there for you alone.{}",
            chosen.target,
            log_in_of_scripts(wire).unwrap_or_default()
        ));
    }
    let (session, known) =
        if named.is_empty() { probe.find_session(&cookies).await.map_err(told)? } else { (named, Known::Chosen) };
    let before = before_log_in(&probe, &probe.exchanges[..count], &session);
    let planted = if before.is_empty() {
        None
    } else {
        let (exchange, came_in) = probe.try_with(before.clone(), Stage::Planted).await.map_err(told)?;
        Some(Planted { exchange, is_of_the_app: true, came_in })
    };
    watched.exchanges = probe.exchanges;
    Ok(LogIn { chosen, watched, stranger, member, session, known, since, cookies, before, planted, count })
}

/// What to say of an app whose log-in is none of its cookies.
fn log_in_of_scripts(wire: &Wire) -> Option<String> {
    let kept = wire.web_storage.look()?;
    let (StorageEntry { store, name, .. }, what) = kept.iter().find_map(|kept| Some((kept, token_kept(&[], kept)?)))?;
    Some(format!(
        " {store} has {what} in {name}: if that is the log-in, every script of the page reads it, and takes it away. {KEEP_IN_COOKIE}"
    ))
}

/// What the browser had of the session when it sent the log-in, as far as it was a stranger's: set by no form, and not there before
/// the exchanges. With a log-in in several steps, or by another site, nothing is known of it.
fn before_log_in(probe: &Probe<'_>, exchanges: &[Exchange], session: &[String]) -> Cookies {
    let is_page = |exchange: &Exchange| exchange.method.is_safe() && exchange.url.path() == probe.page.path();
    let shows_member = |exchange: &Exchange| probe.is_in(exchange) || exchange.status.as_u16() == 304;
    let first = exchanges.iter().position(|exchange| is_page(exchange) && shows_member(exchange)).unwrap_or_default();
    let Some(form) = exchanges[..first].iter().rposition(|exchange| !exchange.method.is_safe()) else {
        return Cookies::new();
    };
    let carried = exchanges[form].carried.iter().filter(|(name, _)| session.contains(name));
    let is_strangers = |(name, value): &&(String, String)| {
        let sets = |exchange: &&Exchange| exchange.set_cookie(name).is_some_and(|cookie| cookie.value() == value);
        exchanges[..form].iter().rfind(sets).is_some_and(|exchange| exchange.method.is_safe())
    };
    carried.filter(is_strangers).cloned().collect()
}

/// Looks at a log-out that has come to its end: whether the session is still alive.
///
/// # Errors
/// What hinders it, in words.
async fn look_at_log_out(wire: &Wire, log_in: &LogIn) -> Result<Report, String> {
    let told = |error: CheckError| error.to_string();
    let watched = log_in
        .watched
        .later(wire)
        .ok_or("No request of that browser came since. Log out in the app, then press again.")?;
    let app = app(wire, &watched).map_err(told)?;
    let mut probe = Probe::new(&app, app.at(&log_in.chosen.target), log_in.chosen.shows.as_deref());
    let current = watched.cookies(&probe.page, log_in.cookies.clone(), wire.clock.now());
    probe.exchanges.clone_from(&log_in.watched.exchanges);
    probe.tell_apart(log_in.stranger, log_in.member);
    let begin = probe.exchanges.len();
    probe.exchanges.extend(watched.exchanges);
    let exchanges = begin..probe.exchanges.len();
    let (left, still_in) = probe.try_with(current.clone(), Stage::Left).await.map_err(told)?;
    let (replay, old_lets_in) = probe.try_with(log_in.cookies.clone(), Stage::Replay).await.map_err(told)?;
    let kept = log_in.cookies.iter().filter(|cookie| log_in.session.contains(&cookie.0) && current.contains(cookie));
    let kept = kept.map(|(name, _)| name.clone()).collect();
    let session = log_in.session.iter().map(|name| session_cookie(name, log_in)).collect();
    let seen = Seen {
        app: app.url.clone(),
        now: wire.clock.now(),
        stranger: log_in.stranger,
        member: log_in.member,
        log_in: 0..log_in.count,
        session,
        known: log_in.known,
        before: log_in.before.clone(),
        planted: log_in.planted,
        idle: None,
        web_storage: wire.web_storage.look(),
        log_out: Some(LogOut { exchanges, left, still_in, replay, old_lets_in, kept }),
        exchanges: probe.exchanges,
    };
    let findings = judge(&seen);
    Ok(Report { app: seen.app, findings, exchanges: seen.exchanges, shows_secrets: false })
}

/// A cookie of the session: its value now, and where that, or else another one, was set.
fn session_cookie(name: &str, log_in: &LogIn) -> SessionCookie {
    let identifiers = log_in.cookies.iter().filter(|(other, _)| other == name).map(|(_, value)| value.clone());
    let identifiers: Vec<_> = identifiers.take(1).collect();
    let sets = |exchange: &Exchange| exchange.set_cookie(name).filter(|cookie| !cookie.value().is_empty());
    let exchanges = &log_in.watched.exchanges[..log_in.count];
    let is_now = |exchange: &Exchange| {
        sets(exchange).is_some_and(|cookie| identifiers.iter().any(|value| value == cookie.value()))
    };
    let set =
        exchanges.iter().rposition(is_now).or_else(|| exchanges.iter().rposition(|exchange| sets(exchange).is_some()));
    SessionCookie { name: name.to_owned(), identifiers, set }
}
