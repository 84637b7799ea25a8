//! The course of a check: a stranger's visit, log-ins, a log-out, and what is asked with the cookies in between.

use super::{
    CheckError,
    exchange::{Exchange, Stage},
    plan::{Plan, Step},
    probe::{Known, Probe},
    visitor::{App, Visitor},
};
use crate::app_proxy::StorageEntry;
use cookie::Cookie;
use std::{ops::Range, time::Duration};
use tokio::time::sleep;
use url::Url;

/// How many log in beside those who try something: as many identifiers more are compared.
const OTHERS: usize = 2;
/// An identifier that no app has given.
const PLANTED: &str = "aPlantedIdentifierOfThisCheck0123456789";

/// All that was seen. Exchanges are meant by their index in `exchanges`.
pub struct Seen {
    pub app: Url,
    /// When it was seen, in UTC seconds.
    pub now: i64,
    pub exchanges: Vec<Exchange>,
    /// The page as a stranger and as who is logged in sees it.
    pub stranger: usize,
    pub member: usize,
    /// Where the log-in's exchanges are.
    pub log_in: Range<usize>,
    /// The cookies that carry the session.
    pub session: Vec<SessionCookie>,
    pub known: Known,
    /// What somebody has before they log in.
    pub before: Vec<(String, String)>,
    /// Where an identifier from before the log-in shows the page to whoever knows it.
    pub planted: Option<Planted>,
    pub log_out: Option<LogOut>,
    /// What a time without requests did, where one was waited for.
    pub idle: Option<Idle>,
    /// What the web storage of the app's pages held, where a browser told.
    pub web_storage: Option<Vec<StorageEntry>>,
}

/// A cookie that carries the session.
pub struct SessionCookie {
    pub name: String,
    /// Its value after each log-in.
    pub identifiers: Vec<String>,
    /// Where the first log-in set it.
    pub set: Option<usize>,
}

/// A try to hand somebody an identifier and to come in with it once they have logged in.
#[derive(Clone, Copy)]
pub struct Planted {
    pub exchange: usize,
    /// Whether the app had given the identifier itself, to a stranger.
    pub is_of_the_app: bool,
    /// Whether whoever planted it came in.
    pub came_in: bool,
}

/// What a log-out did.
pub struct LogOut {
    pub exchanges: Range<usize>,
    /// The page for the one who has logged out, and whether they are still in.
    pub left: usize,
    pub still_in: bool,
    /// The page with the cookies from before, and whether they still let in.
    pub replay: usize,
    pub old_lets_in: bool,
    /// The session's cookies that the visitor still has.
    pub kept: Vec<String>,
}

/// What a time without requests did.
#[derive(Clone, Copy)]
pub struct Idle {
    pub exchange: usize,
    pub waited: Duration,
    /// Whether the session still lets in.
    pub still_in: bool,
}

struct Course<'a> {
    plan: &'a Plan,
    probe: Probe<'a>,
}

/// Goes through the whole course.
///
/// # Errors
/// Why nothing could be found out.
pub(super) async fn run(app: &App, plan: &Plan, now: i64) -> Result<Seen, CheckError> {
    let mut course = Course { plan, probe: Probe::new(app, app.at(&plan.page), plan.shows.as_deref()) };

    let mut visitor = Visitor::default();
    let stranger = course.visit(&mut visitor, Stage::FirstVisit).await?;
    let (log_in, before) = course.log_in(&mut visitor).await?;
    let member = course.visit(&mut visitor, Stage::Member).await?;
    course.tell_apart(stranger, member, log_in.clone())?;

    let (names, known) = match &plan.session[..] {
        [] => course.probe.find_session(&visitor.cookies(&course.probe.page)).await?,
        named => (named.to_vec(), Known::Named),
    };
    let mut session: Vec<_> = names.iter().map(|name| course.session_cookie(name, log_in.clone())).collect();
    note_identifiers(&mut session, &visitor, &course.probe.page);

    // Before the others' log-ins, with which an app may end this session.
    let log_out = course.log_out(visitor, &names).await?;
    let planted = course.plant(&mut session).await?;
    for _ in 0..OTHERS {
        let mut another = Visitor::default();
        course.visit(&mut another, Stage::FirstVisit).await?;
        course.log_in(&mut another).await?;
        let seen = course.visit(&mut another, Stage::Member).await?;
        if course.probe.is_in(&course.probe.exchanges[seen]) {
            note_identifiers(&mut session, &another, &course.probe.page);
        }
        course.steps(&mut another, &plan.logout, Stage::LogOut).await?;
    }
    let idle = course.idle().await?;
    Ok(Seen {
        app: app.url.clone(),
        now,
        exchanges: course.probe.exchanges,
        stranger,
        member,
        log_in,
        session,
        known,
        before,
        planted,
        log_out,
        idle,
        web_storage: None,
    })
}

fn note_identifiers(session: &mut [SessionCookie], visitor: &Visitor, page: &Url) {
    let cookies = visitor.cookies(page);
    for cookie in session {
        let found = cookies.iter().find(|(name, _)| *name == cookie.name);
        cookie.identifiers.extend(found.map(|(_, value)| value.clone()));
    }
}

impl Course<'_> {
    async fn visit(&mut self, visitor: &mut Visitor, stage: Stage) -> Result<usize, CheckError> {
        let exchange = visitor.get(self.probe.app, &self.probe.page, stage).await?;
        Ok(self.probe.note(exchange))
    }

    async fn steps(&mut self, visitor: &mut Visitor, steps: &[Step], stage: Stage) -> Result<Range<usize>, CheckError> {
        let begin = self.probe.exchanges.len();
        for step in steps {
            self.probe.exchanges.extend(visitor.take(self.probe.app, step, stage).await?);
        }
        Ok(begin..self.probe.exchanges.len())
    }

    /// Logs in; the exchanges, and the cookies just before something was sent.
    async fn log_in(&mut self, visitor: &mut Visitor) -> Result<(Range<usize>, Vec<(String, String)>), CheckError> {
        let (asked, sent) = self.plan.asked_and_sent();
        let begin = self.steps(visitor, asked, Stage::LogIn).await?.start;
        let before = visitor.cookies(&self.probe.page);
        let end = self.steps(visitor, sent, Stage::LogIn).await?.end;
        Ok((begin..end, before))
    }

    fn tell_apart(&mut self, stranger: usize, member: usize, log_in: Range<usize>) -> Result<(), CheckError> {
        if self.probe.tell_apart(stranger, member) {
            return Ok(());
        }
        let last = self.probe.exchanges[log_in].last().map(|exchange| exchange.status.as_u16());
        Err(CheckError::NotLoggedIn {
            page: self.plan.page.clone(),
            status: self.probe.exchanges[member].status.as_u16(),
            log_in: last.unwrap_or_default(),
        })
    }

    fn session_cookie(&self, name: &str, log_in: Range<usize>) -> SessionCookie {
        let set = log_in.rev().find(|index| self.probe.exchanges[*index].set_cookie(name).is_some());
        let earlier = || self.probe.exchanges.iter().position(|exchange| exchange.set_cookie(name).is_some());
        SessionCookie { name: name.to_owned(), identifiers: Vec::new(), set: set.or_else(earlier) }
    }

    /// Gives somebody an identifier before they log in, and tries to come in with it afterwards (session fixation): once before
    /// they open the page that logs in, and once after it, which may set another.
    async fn plant(&mut self, session: &mut [SessionCookie]) -> Result<Option<Planted>, CheckError> {
        if session.is_empty() {
            return Ok(None);
        }
        // One that the app gives a stranger, as far as it gives one.
        let mut attacker = Visitor::default();
        self.visit(&mut attacker, Stage::FirstVisit).await?;
        let (asked, sent) = self.plan.asked_and_sent();
        self.steps(&mut attacker, asked, Stage::LogIn).await?;
        let given = attacker.cookies(&self.probe.page);
        let identifier = |name: &str| given.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
        let planted: Vec<_> = session
            .iter()
            .map(|SessionCookie { name, .. }| (name.clone(), identifier(name).unwrap_or_else(|| PLANTED.to_owned())))
            .collect();
        let is_of_the_app = planted.iter().any(|(_, value)| value != PLANTED);
        let cookies: Vec<_> =
            session.iter().zip(&planted).map(|(cookie, (_, value))| self.like(cookie, value)).collect();

        let mut outcome = None;
        for is_early in [true, false] {
            let mut victim = Visitor::default();
            let plant = |victim: &mut Visitor| cookies.iter().try_for_each(|(cookie, url)| victim.plant(cookie, url));
            if is_early {
                plant(&mut victim)?;
            }
            self.steps(&mut victim, asked, Stage::LogIn).await?;
            if !is_early {
                plant(&mut victim)?;
            }
            self.steps(&mut victim, sent, Stage::LogIn).await?;
            let seen = self.visit(&mut victim, Stage::Member).await?;
            // An app may refuse the log-in for it, which shows nothing.
            if self.probe.is_in(&self.probe.exchanges[seen]) {
                note_identifiers(session, &victim, &self.probe.page);
                let (exchange, came_in) = self.probe.try_with(planted.clone(), Stage::Planted).await?;
                outcome = Some(Planted { exchange, is_of_the_app, came_in });
            }
            self.steps(&mut victim, &self.plan.logout, Stage::LogOut).await?;
            if outcome.as_ref().is_some_and(|planted| planted.came_in) {
                break;
            }
        }
        Ok(outcome)
    }

    /// A cookie like the session's with another value, and where it was set.
    fn like(&self, SessionCookie { name, set, .. }: &SessionCookie, value: &str) -> (Cookie<'static>, Url) {
        let set =
            set.and_then(|set| Some((self.probe.exchanges[set].set_cookie(name)?, &self.probe.exchanges[set].url)));
        let (mut cookie, url) = set.map_or_else(
            || (Cookie::build((name.clone(), "")).path("/").build(), self.probe.page.clone()),
            |(cookie, url)| (cookie, url.clone()),
        );
        cookie.set_value(value.to_owned());
        (cookie, url)
    }

    /// Lets somebody who is logged in ask nothing for as long as the plan says. The cookies go along whatever their end: it is the
    /// server that is asked.
    async fn idle(&mut self) -> Result<Option<Idle>, CheckError> {
        let Some(waited) = self.plan.idle else { return Ok(None) };
        let mut visitor = Visitor::default();
        self.visit(&mut visitor, Stage::FirstVisit).await?;
        self.log_in(&mut visitor).await?;
        let seen = self.visit(&mut visitor, Stage::Member).await?;
        if !self.probe.is_in(&self.probe.exchanges[seen]) {
            return Ok(None);
        }
        let cookies = visitor.cookies(&self.probe.page);
        sleep(waited).await;
        let (exchange, still_in) = self.probe.try_with(cookies, Stage::Idle).await?;
        self.steps(&mut visitor, &self.plan.logout, Stage::LogOut).await?;
        Ok(Some(Idle { exchange, waited, still_in }))
    }

    async fn log_out(&mut self, mut visitor: Visitor, session: &[String]) -> Result<Option<LogOut>, CheckError> {
        if self.plan.logout.is_empty() || session.is_empty() {
            return Ok(None);
        }
        let before = visitor.cookies(&self.probe.page);
        let exchanges = self.steps(&mut visitor, &self.plan.logout, Stage::LogOut).await?;
        let after = visitor.cookies(&self.probe.page);
        let kept = before.iter().filter(|cookie| session.contains(&cookie.0) && after.contains(cookie));
        let kept = kept.map(|(name, _)| name.clone()).collect();
        let left = self.visit(&mut visitor, Stage::Left).await?;
        let still_in = self.probe.lets_in(&self.probe.exchanges[left])?;
        let (replay, old_lets_in) = self.probe.try_with(before, Stage::Replay).await?;
        Ok(Some(LogOut { exchanges, left, still_in, replay, old_lets_in, kept }))
    }
}
