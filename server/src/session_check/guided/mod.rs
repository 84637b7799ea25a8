//! The check of a session while somebody logs in and out by a browser of their own: what they do is read from the wire of the app,
//! and the page that they choose is asked for in between, when they press a button.

mod page;
mod routes;
mod seen;

pub(crate) use routes::routes;

use self::seen::{Watched, after, carried_now};
use super::{
    CheckError,
    course::{LogOut, Planted, Seen, SessionCookie},
    exchange::{Exchange, Stage},
    findings::judge,
    probe::{Cookies, Probe},
    report::Report,
    visitor::App,
};
use crate::app_proxy::Wire;
use url::Url;

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

/// What was seen of a log-in.
struct LogIn {
    /// The latest exchange of it.
    until: u64,
    /// The path of the page.
    page: String,
    watched: Watched,
    stranger: usize,
    member: usize,
    /// The names of the cookies that carry the session.
    session: Vec<String>,
    /// What the browser has while it is logged in.
    cookies: Cookies,
    before: Cookies,
    planted: Option<Planted>,
    /// How many of the exchanges are those of the log-in itself.
    count: usize,
}

fn app(wire: &Wire) -> Result<App, CheckError> {
    let url = Url::parse(&wire.app).map_err(|error| CheckError::Internal(error.to_string()))?;
    Ok(App { url, upstream: wire.upstream.clone() })
}

/// Looks at a log-in that has come to its end: which cookie carries the session, and whether it is a new one.
///
/// # Errors
/// What hinders it, in words.
async fn look_at_log_in(wire: &Wire, since: u64, target: &str) -> Result<LogIn, String> {
    let app = app(wire).map_err(|error| error.to_string())?;
    let mut watched = Watched::of(&app.url, &after(wire, since), target, Stage::LogIn)
        .ok_or("The app was not asked for that page since. Open it there, then press again.")?;
    let cookies = carried_now(&watched);
    let page = app.url.join(target).map_err(|error| error.to_string())?;
    let mut probe = Probe::new(&app, page, None);
    probe.exchanges = std::mem::take(&mut watched.exchanges);
    let count = probe.exchanges.len();
    let told = |error: CheckError| error.to_string();
    let (stranger, _) = probe.try_with(Cookies::new(), Stage::FirstVisit).await.map_err(told)?;
    let (member, _) = probe.try_with(cookies.clone(), Stage::Member).await.map_err(told)?;
    if !probe.tell_apart(stranger, member) {
        let status = probe.exchanges[member].status.as_u16();
        return Err(format!(
            "{target} answers {status} to strangers too. Choose a page that only who is logged in sees, or log in first."
        ));
    }
    let session = probe.find_session(&cookies).await.map_err(told)?;

    // Where the identifier that is now the session was set, and what the browser had until then.
    let is_session = |name: &str| session.iter().any(|session| session == name);
    let set = probe.exchanges[..count].iter().rposition(|exchange| {
        let set = exchange.set_cookies();
        set.iter()
            .any(|cookie| is_session(cookie.name()) && cookies.contains(&(cookie.name().into(), cookie.value().into())))
    });
    let now: Cookies = cookies.iter().filter(|(name, _)| is_session(name)).cloned().collect();
    let of_session =
        |carried: &Cookies| carried.iter().filter(|(name, _)| is_session(name)).cloned().collect::<Cookies>();
    let before = set.map(|set| of_session(&probe.exchanges[set].carried)).unwrap_or_default();
    let kept = kept_identifier(&probe, &probe.exchanges[..count], set, |exchange| {
        !now.is_empty() && of_session(&exchange.carried) == now
    });
    let planted = match kept {
        Some(exchange) => Some(Planted { exchange, is_of_the_app: true, came_in: true }),
        None if before.is_empty() || before == now => None,
        None => {
            let (exchange, came_in) = probe.try_with(before.clone(), Stage::Planted).await.map_err(told)?;
            Some(Planted { exchange, is_of_the_app: true, came_in })
        }
    };
    watched.exchanges = probe.exchanges;
    let until = watched.until;
    Ok(LogIn { until, page: target.to_owned(), watched, stranger, member, session, cookies, before, planted, count })
}

/// Where it shows that the identifier of the session was there before the log-in: the page, asked for with it while that was
/// nobody's yet, or the form that logged in. `set` is the exchange that set it; one that a form set is none of before.
fn kept_identifier(
    probe: &Probe<'_>,
    exchanges: &[Exchange],
    set: Option<usize>,
    carries: impl Fn(&Exchange) -> bool,
) -> Option<usize> {
    let is_page = |exchange: &Exchange| exchange.url.path() == probe.page.path();
    let stranger =
        exchanges.iter().position(|exchange| is_page(exchange) && !probe.is_in(exchange) && carries(exchange));
    let first = exchanges.iter().position(|exchange| is_page(exchange) && probe.is_in(exchange));
    let form = exchanges[..first.unwrap_or_default()].iter().rposition(|exchange| !exchange.method.is_safe());
    let is_of_a_form = set.is_some_and(|set| !exchanges[set].method.is_safe());
    stranger.or_else(|| form.filter(|form| !is_of_a_form && carries(&exchanges[*form])))
}

/// Looks at a log-out that has come to its end: whether the session is still alive.
///
/// # Errors
/// What hinders it, in words.
async fn look_at_log_out(wire: &Wire, log_in: &mut LogIn) -> Result<Report, String> {
    let app = app(wire).map_err(|error| error.to_string())?;
    let later = after(wire, log_in.until);
    let watched = Watched::of_jar(&app.url, &later, &log_in.watched, Stage::LogOut)
        .ok_or("No request of that browser came since. Log out in the app, then press again.")?;
    let current = carried_now(&watched);
    let page = app.url.join(&log_in.page).map_err(|error| error.to_string())?;
    let mut probe = Probe::new(&app, page, None);
    probe.exchanges = log_in.watched.exchanges.clone();
    probe.tell_apart(log_in.stranger, log_in.member);
    let begin = probe.exchanges.len();
    probe.exchanges.extend(watched.exchanges);
    let exchanges = begin..probe.exchanges.len();
    let told = |error: CheckError| error.to_string();
    let (left, still_in) = probe.try_with(current.clone(), Stage::Left).await.map_err(told)?;
    let (replay, old_lets_in) = probe.try_with(log_in.cookies.clone(), Stage::Replay).await.map_err(told)?;
    let kept = log_in.cookies.iter().filter(|cookie| log_in.session.contains(&cookie.0) && current.contains(cookie));
    let kept = kept.map(|(name, _)| name.clone()).collect();

    let cookie = |name: &String| {
        let lines = || {
            probe.exchanges.iter().enumerate().flat_map(|(index, exchange)| {
                exchange
                    .set_cookies()
                    .into_iter()
                    .filter(|cookie| cookie.name() == name && !cookie.value().is_empty())
                    .map(move |cookie| (index, cookie))
            })
        };
        let now = log_in.cookies.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
        let mut identifiers: Vec<_> = now.clone().into_iter().collect();
        for (index, cookie) in lines() {
            // Those of the log-out are no session's.
            if index < log_in.count && !identifiers.iter().any(|known| known == cookie.value()) {
                identifiers.push(cookie.value().to_owned());
            }
        }
        let set = lines().filter(|(_, cookie)| Some(cookie.value()) == now.as_deref()).map(|(index, _)| index).last();
        SessionCookie { name: name.clone(), identifiers, set }
    };
    let session = log_in.session.iter().map(cookie).collect();
    let seen = Seen {
        app: app.url.clone(),
        now: wire.clock.now(),
        stranger: log_in.stranger,
        member: log_in.member,
        log_in: 0..log_in.count,
        session,
        before: std::mem::take(&mut log_in.before),
        planted: log_in.planted.take(),
        log_out: Some(LogOut { exchanges, left, still_in, replay, old_lets_in, kept }),
        exchanges: probe.exchanges,
    };
    let findings = judge(&seen);
    Ok(Report { app: seen.app, findings, exchanges: seen.exchanges, shows_secrets: false })
}
