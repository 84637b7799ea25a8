//! What became of each `Set-Cookie` line: found by what came back later, never from the line itself. The rules only say why.
//!
//! What came back proves a line. That nothing came back proves something of a request alone that shows what its browser has: one that
//! carried some cookie, or a navigation, for what the cookie's path and `SameSite` cover, and begun after the answer.

use super::exchange::{Exchange, Jar, Line};
use app::set_cookie::{Broken, path_covers};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// A script's request that comes so soon after an answer may have been sent before the browser had read it.
const CROSSING: Duration = Duration::from_millis(100);

/// So many cookies of a site browsers keep at least (RFC 6265bis §6.1). Those of today keep about 180.
const CERTAIN: usize = 50;

/// What became of a line. Numbers are those of exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It came back.
    Kept(u64),
    /// It came back, and did before it was set.
    AsBefore(u64),
    /// Requests that would have carried it did not, and it breaks a rule.
    Refused(u64),
    /// They did not, and it breaks none.
    Missing(u64),
    /// Its name came back with a value that no line here has set.
    Changed(u64),
    /// A line took its place before it could come back.
    Replaced(u64),
    /// It was to delete a cookie, and none comes any more.
    Deleted(u64),
    /// It was to delete a cookie, and one still comes.
    NotDeleted(u64),
    /// Its time passed before it could come back.
    Expired,
    /// No request has come that would have carried it.
    Unknown,
}

/// A verdict with what explains it.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub verdict: Verdict,
    /// The rules that it breaks; for a line that was not kept.
    pub rules: Vec<Broken>,
    /// The line that would work.
    pub remedy: Option<String>,
    /// What is known of the engine that asked.
    pub engine: Vec<&'static str>,
    /// What browsers change of it, and what servers should not send.
    pub remarks: Vec<Broken>,
    /// The exchange whose request carried another cookie of this name before this one.
    pub shadowed: Option<u64>,
    /// Where it came no more, though no line took it away.
    pub gone: Option<Gone>,
}

/// A request that did not carry a cookie which it would have carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gone {
    pub number: u64,
    /// How many others it carried.
    pub beside: usize,
}

impl Gone {
    fn from(other: &Exchange) -> Self {
        Self { number: other.number, beside: other.asked.carried.len() }
    }

    /// Whether so many others came that the browser may have dropped this one for them.
    pub fn is_for_room(self) -> bool {
        self.beside >= CERTAIN
    }
}

/// A place in the record: an exchange, and a line of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    exchange: usize,
    line: usize,
}

/// A line with its place and its exchange.
type Placed<'a> = (Place, &'a Exchange, &'a Line);

/// What one browser asked, and the lines that it got, by name.
#[derive(Default)]
struct Browser<'a> {
    exchanges: Vec<&'a Exchange>,
    lines: HashMap<&'a str, Vec<Placed<'a>>>,
}

/// The record, told apart by browsers.
pub(super) struct Judge<'a> {
    exchanges: &'a [Arc<Exchange>],
    browsers: HashMap<&'a Jar, Browser<'a>>,
}

impl<'a> Judge<'a> {
    /// Of these exchanges, the oldest first.
    pub fn new(exchanges: &'a [Arc<Exchange>]) -> Self {
        let mut browsers: HashMap<_, Browser> = HashMap::new();
        for (place, exchange) in exchanges.iter().enumerate() {
            let browser = browsers.entry(&exchange.asked.jar).or_default();
            browser.exchanges.push(exchange);
            for (line, set) in exchange.set.iter().enumerate() {
                let placed = (Place { exchange: place, line }, exchange.as_ref(), set);
                browser.lines.entry(set.cookie.name()).or_default().push(placed);
            }
        }
        Self { exchanges, browsers }
    }

    /// Judges a line of an exchange, by their places; `now` in UTC seconds.
    pub fn judge(&self, exchange: usize, line: usize, now: i64) -> Option<Judged> {
        let place = Place { exchange, line };
        let exchange = self.exchanges.get(exchange)?;
        let (line, browser) = (exchange.set.get(line)?, self.browsers.get(&exchange.asked.jar)?);
        Some(Case { place, exchange, line, browser }.judged(now))
    }
}

/// One line, and what there is to judge it by.
struct Case<'a, 'b> {
    place: Place,
    exchange: &'a Exchange,
    line: &'a Line,
    browser: &'b Browser<'a>,
}

impl<'a> Case<'a, '_> {
    fn judged(&self, now: i64) -> Judged {
        let (cookie, answered) = (&self.line.cookie, self.exchange.place());
        let rules = cookie.refused_for(&answered);
        let verdict = if cookie.deletes(answered.at) {
            self.deletion()
        } else {
            match self.came_back() {
                Some(back) if self.was_there() => Verdict::AsBefore(back.number),
                Some(back) => Verdict::Kept(back.number),
                None => self.absent(now, !rules.is_empty()),
            }
        };
        let is_refused = matches!(verdict, Verdict::Refused(_) | Verdict::NotDeleted(_) | Verdict::AsBefore(_));
        let rules = if is_refused { rules } else { Vec::new() };
        let remedy = match verdict {
            Verdict::NotDeleted(_) if rules.is_empty() => self.setter().map(|line| line.cookie.deletion()),
            _ if !rules.is_empty() => cookie.repaired(&answered),
            _ => None,
        };
        let is_lost = is_refused || matches!(verdict, Verdict::Missing(_));
        let engine = self.exchange.asked.jar.engine().filter(|_| is_lost);
        Judged {
            verdict,
            engine: engine.map(|engine| cookie.differs_in(engine, &answered)).unwrap_or_default(),
            remarks: cookie.remarks(&answered),
            shadowed: self.shadowed(),
            gone: self.gone(verdict),
            rules,
            remedy,
        }
    }

    /// The other lines of this name.
    fn of_same_name(&self) -> impl Iterator<Item = Placed<'a>> {
        let lines = self.browser.lines.get(self.line.cookie.name());
        lines.into_iter().flatten().copied().filter(|(place, ..)| *place != self.place)
    }

    /// The requests of this browser that began after this answer and before another moment.
    fn later(&self, until: Option<Instant>) -> impl Iterator<Item = &'a Exchange> {
        let after = self.exchange.answered;
        let in_time = move |began: Instant| began >= after && until.is_none_or(|until| began < until);
        self.browser.exchanges.iter().copied().filter(move |other| in_time(other.asked.began))
    }

    /// The first request that carried the cookie with this line's value, before another line set the same again.
    fn came_back(&self) -> Option<&'a Exchange> {
        let cookie = &self.line.cookie;
        let again =
            self.of_same_name().find(|(place, _, line)| *place > self.place && line.cookie.value() == cookie.value());
        let until = again.map(|(_, other, _)| other.answered);
        self.later(until).find(|other| {
            cookie.covers(&other.asked.target) && other.values(cookie.name()).any(|value| value == cookie.value())
        })
    }

    /// The latest request before this answer that shows what the browser had where this cookie goes.
    fn before(&self) -> Option<&'a Exchange> {
        let is_before = |other: &&Exchange| {
            other.asked.began < self.exchange.answered
                && self.line.cookie.covers(&other.asked.target)
                && shows_its_cookies(other)
        };
        self.browser.exchanges.iter().copied().filter(is_before).max_by_key(|other| other.asked.began)
    }

    /// Whether a cookie of this name and value was there already.
    fn was_there(&self) -> bool {
        let cookie = &self.line.cookie;
        self.before().is_some_and(|before| before.values(cookie.name()).any(|value| value == cookie.value()))
    }

    /// The first line after this one that sets the same cookie.
    fn next(&self) -> Option<&'a Exchange> {
        let is_next = |place: Place, line: &Line| place > self.place && line.cookie.is_same_cookie(&self.line.cookie);
        self.of_same_name().find(|(place, _, line)| is_next(*place, line)).map(|(_, other, _)| other)
    }

    /// The requests that show whether the cookie is there.
    fn telling(&self) -> impl Iterator<Item = &'a Exchange> {
        let cookie = &self.line.cookie;
        let settled = self.exchange.answered + CROSSING;
        let ends =
            cookie.ends(self.exchange.asked.at / 1_000).filter(|_| !cookie.deletes(self.exchange.asked.at / 1_000));
        self.later(self.next().map(|next| next.answered)).filter(move |other| {
            cookie.goes_with(&other.sent()) == Some(true)
                && shows_its_cookies(other)
                && (other.asked.navigates || other.asked.began >= settled)
                && ends.is_none_or(|ends| other.asked.at / 1_000 < ends)
        })
    }

    fn absent(&self, now: i64, breaks_a_rule: bool) -> Verdict {
        let cookie = &self.line.cookie;
        let Some(other) = self.telling().next() else {
            let has_ended = cookie.ends(self.exchange.asked.at / 1_000).is_some_and(|ends| ends <= now);
            return match self.next() {
                Some(next) => Verdict::Replaced(next.number),
                None if has_ended => Verdict::Expired,
                None => Verdict::Unknown,
            };
        };
        let is_known = |value: &str| {
            let is_old = self.before().is_some_and(|before| before.values(cookie.name()).any(|old| old == value));
            is_old || self.of_same_name().any(|(_, _, line)| line.cookie.value() == value)
        };
        if breaks_a_rule {
            Verdict::Refused(other.number)
        } else if other.values(cookie.name()).any(|value| !is_known(value)) {
            Verdict::Changed(other.number)
        } else {
            Verdict::Missing(other.number)
        }
    }

    fn deletion(&self) -> Verdict {
        let name = self.line.cookie.name();
        // What a line has set since, or in this very answer, is another cookie.
        let is_set_since = |value: &str| {
            self.of_same_name().any(|(place, other, line)| {
                let sets = !line.cookie.deletes(other.asked.at / 1_000);
                place.exchange >= self.place.exchange && sets && line.cookie.value() == value
            })
        };
        // What came before, or was set; any other value is a script's, which it has set since.
        let was_there = |value: &str| {
            let is_before = |other: &&&Exchange| other.asked.began < self.exchange.answered;
            let mut before = self.browser.exchanges.iter().filter(is_before);
            before.any(|other| other.values(name).any(|old| old == value))
                || self.of_same_name().any(|(place, _, line)| place < self.place && line.cookie.value() == value)
        };
        let still_comes = |other: &&Exchange| other.values(name).any(|value| was_there(value) && !is_set_since(value));
        if let Some(other) = self.telling().find(still_comes) {
            return Verdict::NotDeleted(other.number);
        }
        match (self.telling().find(|other| self.is_where_it_came(other)), self.next()) {
            (Some(other), _) => Verdict::Deleted(other.number),
            (None, Some(next)) => Verdict::Replaced(next.number),
            (None, None) => Verdict::Unknown,
        }
    }

    /// Whether the cookie that is to be deleted, which may have another path, would come with a request: it came with one to there
    /// or above, or the lines that set it say so. Of a cookie that never came nothing is missed.
    fn is_where_it_came(&self, other: &Exchange) -> bool {
        let name = self.line.cookie.name();
        let is_carrier = |carrier: &&'a Exchange| {
            let is_before = carrier.asked.began < self.exchange.answered;
            is_before && carrier.values(name).next().is_some()
        };
        let carriers: Vec<_> = self.browser.exchanges.iter().copied().filter(is_carrier).collect();
        let is_set =
            |(place, setter, line): &Placed| *place < self.place && !line.cookie.deletes(setter.asked.at / 1_000);
        let setters: Vec<_> = self.of_same_name().filter(is_set).collect();
        let target = &other.asked.target;
        let path = |carrier: &Exchange| carrier.asked.target.split('?').next().unwrap_or_default().to_owned();
        carriers.iter().any(|carrier| path_covers(&path(carrier), target))
            || (!setters.is_empty() && setters.iter().all(|(_, _, line)| line.cookie.covers(target)))
            || (carriers.is_empty() && setters.is_empty())
    }

    /// The latest line before this one that set a cookie of this name elsewhere.
    fn setter(&self) -> Option<&'a Line> {
        let mut before: Vec<_> = self.of_same_name().filter(|(place, ..)| *place < self.place).collect();
        before.retain(|(_, other, line)| {
            !line.cookie.deletes(other.asked.at / 1_000) && !line.cookie.is_same_cookie(&self.line.cookie)
        });
        before.pop().map(|(_, _, line)| line)
    }

    /// The first request since which it came no more. Of one that never came that is told only where there may have been no room.
    fn gone(&self, verdict: Verdict) -> Option<Gone> {
        let name = self.line.cookie.name();
        match verdict {
            Verdict::Kept(_) | Verdict::AsBefore(_) => {
                let telling: Vec<_> = self.telling().collect();
                let lacks = telling.iter().rev().take_while(|other| other.values(name).next().is_none());
                lacks.last().copied().map(Gone::from)
            }
            Verdict::Missing(_) => self.telling().next().map(Gone::from).filter(|gone| gone.is_for_room()),
            _ => None,
        }
    }

    /// A request that carried another cookie of this name before this one: most servers take the first.
    fn shadowed(&self) -> Option<u64> {
        let cookie = &self.line.cookie;
        let back = self.came_back()?;
        back.values(cookie.name()).next().filter(|first| *first != cookie.value()).map(|_| back.number)
    }
}

/// Whether a request shows what its browser has: it carried something, or shows a document.
fn shows_its_cookies(exchange: &Exchange) -> bool {
    !exchange.asked.is_cut && (exchange.asked.navigates || !exchange.asked.carried.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app_proxy::{
        origin::Origin,
        wire::exchange::{Asked, Exchange},
    };
    use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
    use rstest::rstest;

    const CHROMIUM: &str =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    const AT: i64 = 1_790_000_000;

    /// A browser that asks an app, a second between two requests.
    #[derive(Clone)]
    struct Story {
        exchanges: Vec<Arc<Exchange>>,
        begin: Instant,
        seconds: u64,
        origin: &'static str,
        agent: &'static str,
    }

    impl Story {
        fn at(origin: &'static str) -> Self {
            Self { exchanges: Vec::new(), begin: Instant::now(), seconds: 0, origin, agent: CHROMIUM }
        }

        fn new() -> Self {
            Self::at("http://127.0.0.1:3100")
        }

        fn by(mut self, agent: &'static str) -> Self {
            self.agent = agent;
            self
        }

        /// Somebody opens a page.
        fn opens(self, target: &str, cookies: &str, set: &[&str]) -> Self {
            self.asks(target, &[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")], cookies, set)
        }

        /// A script of the page asks.
        fn fetches(self, target: &str, cookies: &str, set: &[&str]) -> Self {
            self.asks(target, &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")], cookies, set)
        }

        fn asks(mut self, target: &str, fields: &[(&str, &str)], cookies: &str, set: &[&str]) -> Self {
            self.seconds += 1;
            let mut request = Request::get(target).header(header::USER_AGENT, self.agent);
            for (name, value) in fields {
                request = request.header(*name, *value);
            }
            if !cookies.is_empty() {
                request = request.header(header::COOKIE, cookies);
            }
            let head = request.body(()).unwrap().into_parts().0;
            let at = (AT + i64::try_from(self.seconds).unwrap()) * 1_000;
            let mut asked = Asked::of(&head, &Origin::read(self.origin).unwrap(), None, at);
            asked.began = self.begin + Duration::from_secs(self.seconds);
            let lines: HeaderMap = set
                .iter()
                .map(|line| (header::SET_COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap()))
                .collect();
            let mut exchange = Exchange::of(asked, StatusCode::OK, &lines, &[]);
            exchange.answered = exchange.asked.began + Duration::from_millis(10);
            exchange.number = self.exchanges.len() as u64 + 1;
            self.exchanges.push(Arc::new(exchange));
            self
        }

        /// Lets the latest request have been sent so long after the answer before it.
        fn soon_after(mut self, passed: Duration) -> Self {
            let [.., before, _] = &self.exchanges[..] else { panic!("there is none before") };
            let began = before.answered + passed;
            let latest = Arc::make_mut(self.exchanges.last_mut().unwrap());
            (latest.asked.began, latest.answered) = (began, began);
            self
        }

        fn judged(&self, exchange: usize, line: usize) -> Judged {
            Judge::new(&self.exchanges).judge(exchange, line, AT + 100).unwrap()
        }

        /// Of the first line.
        fn first(&self) -> Verdict {
            self.judged(0, 0).verdict
        }
    }

    /// A line, and that nothing came back on a later page.
    fn lost(origin: &'static str, line: &str) -> Judged {
        Story::at(origin).opens("/", "", &[line]).opens("/", "", &[]).judged(0, 0)
    }

    #[test]
    fn what_comes_back_is_kept() {
        let story = Story::new().opens("/", "", &["sid=1; Path=/; HttpOnly"]).fetches("/api", "sid=1", &[]);
        let judged = story.judged(0, 0);
        assert_eq!(judged.verdict, Verdict::Kept(2));
        assert!(judged.rules.is_empty() && judged.remedy.is_none() && judged.remarks.is_empty());
    }

    #[rstest]
    #[case::nothing_came(Story::new().opens("/", "", &["sid=1"]))]
    #[case::another_path(Story::new().opens("/shop/", "", &["sid=1"]).opens("/", "", &[]))]
    #[case::another_browser(Story::new().opens("/", "", &["sid=1"]).by("curl/8").opens("/", "", &[]))]
    #[case::an_image_without_cookies(Story::new().opens("/", "", &["sid=1"]).fetches("/a.png", "", &[]))]
    #[case::no_browser_at_all(Story::new().by("curl/8").asks("/", &[], "", &["sid=1"]).asks("/", &[], "", &[]))]
    #[case::a_frame_on_another_site(
        Story::new().opens("/", "", &["sid=1; SameSite=Lax"]).asks(
            "/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")], "", &[])
    )]
    #[case::a_strict_one_and_a_link_on_another_site(
        Story::new().opens("/", "", &["sid=1; SameSite=Strict"]).asks(
            "/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")], "", &[])
    )]
    #[case::a_frame_of_the_app_in_a_page_of_another_site(
        Story::new().opens("/", "", &["sid=1"]).asks(
            "/", &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")], "", &[])
    )]
    #[case::what_another_site_lets_be_fetched_ahead(
        Story::new().opens("/", "", &["sid=1; SameSite=Lax"]).asks(
            "/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-purpose", "prefetch")], "", &[])
    )]
    #[case::a_request_on_its_way_already(
        Story::new().opens("/", "", &["sid=1"]).fetches("/api", "other=1", &[]).soon_after(Duration::from_millis(5))
    )]
    fn what_no_later_request_would_have_carried_is_not_known(#[case] story: Story) {
        assert_eq!(story.first(), Verdict::Unknown);
    }

    #[test]
    fn a_link_on_another_site_tells_of_a_lax_cookie() {
        let fields = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        let story = Story::new().opens("/", "", &["sid=1; SameSite=Lax"]).asks("/", &fields, "", &[]);
        assert_eq!(story.first(), Verdict::Missing(2));
    }

    #[rstest]
    #[case::secure_over_http("http://192.0.2.1:3100", "sid=1; Secure", "Secure is for secure origins", "sid=1")]
    #[case::domain("https://app.test", "sid=1; Domain=other.test", "The Domain must be this host", "sid=1")]
    #[case::suffix("https://app.test", "sid=1; Domain=test", "A Domain that is a public suffix", "sid=1")]
    #[case::host_prefix(
        "https://app.test",
        "__Host-sid=1; Secure",
        "A name with __Host- needs Path=/",
        "__Host-sid=1; Path=/; Secure"
    )]
    #[case::host_prefix_with_domain(
        "https://app.test",
        "__Host-sid=1; Secure; Path=/; Domain=app.test",
        "A name with __Host- allows no Domain",
        "__Host-sid=1; Path=/; Secure"
    )]
    #[case::secure_prefix(
        "https://app.test",
        "__Secure-sid=1",
        "A name with __Secure- needs Secure",
        "__Secure-sid=1; Secure"
    )]
    #[case::http_prefix(
        "https://app.test",
        "__Http-sid=1; Secure",
        "A name with __Http-",
        "__Http-sid=1; Secure; HttpOnly"
    )]
    #[case::same_site_none(
        "https://app.test",
        "sid=1; SameSite=None",
        "SameSite=None needs Secure",
        "sid=1; SameSite=None; Secure"
    )]
    #[case::partitioned(
        "https://app.test",
        "sid=1; Partitioned",
        "Partitioned needs Secure",
        "sid=1; Secure; Partitioned"
    )]
    #[case::no_name_and_no_value(
        "https://app.test",
        "=; Path=/",
        "A cookie without name and value is none",
        "name=; Path=/"
    )]
    #[case::a_domain_beyond_ascii("https://app.test", "sid=1; Domain=é.test", "A Domain holds ASCII only", "sid=1")]
    fn what_does_not_come_back_breaks_a_rule(
        #[case] origin: &'static str,
        #[case] line: &str,
        #[case] says: &str,
        #[case] works: &str,
    ) {
        let judged = lost(origin, line);
        assert_eq!(judged.verdict, Verdict::Refused(2));
        assert!(judged.rules.iter().any(|rule| rule.says.starts_with(says)), "{:?}", judged.rules);
        assert!(judged.rules.iter().all(|rule| !rule.source.is_empty() && rule.link.starts_with("https://")));
        assert_eq!(judged.remedy.as_deref(), Some(works));
        // The line that works breaks no rule.
        assert_eq!(lost(origin, works).verdict, Verdict::Missing(2), "{works}");
    }

    #[test]
    fn secure_on_this_machine_is_a_reason_where_the_browser_is_webkit() {
        const WEBKIT: &str =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
        let line = &["sid=1; Secure"];
        let of = |agent| Story::new().by(agent).opens("/", "", line).opens("/", "", &[]).judged(0, 0);
        assert_eq!(of(CHROMIUM).verdict, Verdict::Missing(2));
        let judged = of(WEBKIT);
        assert_eq!((judged.verdict, judged.remedy.as_deref()), (Verdict::Refused(2), Some("sid=1")));
        assert!(judged.engine.iter().any(|says| says.contains("not even on this machine")), "{judged:?}");
    }

    #[test]
    fn a_long_cookie_is_refused_for_its_size_and_one_of_4096_bytes_is_not() {
        let of = |bytes: usize| lost("https://app.test", &format!("sid={}", "x".repeat(bytes - 3)));
        assert_eq!(of(4_096).verdict, Verdict::Missing(2));
        let judged = of(4_097);
        assert!(judged.rules[0].says.contains("4,096 bytes"), "{judged:?}");
    }

    #[test]
    fn a_line_with_a_control_character_is_refused_for_it() {
        // A tab may stand in a field and in a cookie; other control characters come in no answer that hyper reads.
        let judged = lost("https://app.test", "sid=a\tb");
        assert_eq!(judged.verdict, Verdict::Missing(2));
        assert!(judged.engine.iter().any(|says| says.contains("Chromium refuses a tab")), "{judged:?}");
    }

    #[test]
    fn a_good_line_that_does_not_come_back_breaks_no_rule() {
        let judged = lost("https://app.test", "sid=1; Path=/; Secure; HttpOnly; SameSite=Lax");
        assert_eq!(judged.verdict, Verdict::Missing(2));
        assert!(judged.rules.is_empty() && judged.remedy.is_none());
    }

    #[test]
    fn a_line_that_breaks_a_rule_and_comes_back_is_kept_all_the_same() {
        let story = Story::new().opens("/", "", &["sid=1; SameSite=None"]).opens("/", "sid=1", &[]);
        assert_eq!(story.first(), Verdict::Kept(2));
    }

    #[test]
    fn what_was_there_before_does_not_tell_of_a_line_that_says_the_same() {
        let story = Story::new().opens("/", "", &["sid=1"]).opens("/", "sid=1", &["sid=1; SameSite=None"]).opens(
            "/",
            "sid=1",
            &[],
        );
        assert_eq!(story.first(), Verdict::Kept(2));
        let judged = story.judged(1, 0);
        assert_eq!((judged.verdict, judged.rules.len()), (Verdict::AsBefore(3), 1));
    }

    #[test]
    fn a_value_that_stays_the_old_one_was_not_replaced() {
        let story = Story::new().opens("/", "sid=1", &["sid=2; Partitioned"]).opens("/", "sid=1", &[]);
        assert_eq!(story.first(), Verdict::Refused(2));
        let story = Story::new().opens("/", "sid=1", &["sid=2; Path=/"]).opens("/", "sid=1", &[]);
        assert_eq!(story.first(), Verdict::Missing(2));
    }

    #[test]
    fn a_script_changes_a_value_and_a_line_replaces_another() {
        let story = Story::new().opens("/", "", &["sid=1"]).opens("/", "sid=of-a-script", &[]);
        assert_eq!(story.first(), Verdict::Changed(2));
        let story = Story::new().opens("/", "", &["sid=1"]).fetches("/login", "", &["sid=2"]).opens("/", "sid=2", &[]);
        assert_eq!((story.first(), story.judged(1, 0).verdict), (Verdict::Replaced(2), Verdict::Kept(3)));
        let story = Story::new().opens("/", "", &["sid=1", "sid=2"]).opens("/", "sid=2", &[]);
        assert_eq!((story.first(), story.judged(0, 1).verdict), (Verdict::Replaced(1), Verdict::Kept(2)));
        let story = Story::new().opens("/", "", &["sid=1", "sid=2; SameSite=None"]).opens("/", "sid=1", &[]);
        assert_eq!((story.first(), story.judged(0, 1).verdict), (Verdict::Kept(2), Verdict::Refused(2)));
    }

    #[test]
    fn of_two_cookies_of_one_name_the_first_shadows_the_other() {
        let story =
            Story::new().opens("/shop/", "", &["sid=old", "sid=new; Path=/"]).opens("/shop/", "sid=old; sid=new", &[]);
        assert_eq!((story.first(), story.judged(0, 0).shadowed), (Verdict::Kept(2), None));
        assert_eq!((story.judged(0, 1).verdict, story.judged(0, 1).shadowed), (Verdict::Kept(2), Some(2)));
    }

    #[test]
    fn a_cookie_that_comes_no_more_is_told_with_how_many_others_came() {
        let many: Vec<_> = (0..60).map(|number| format!("c{number}=1")).collect();
        let many = many.join("; ");
        let story = Story::new().opens("/", "", &["sid=1"]).opens("/", "sid=1", &[]);
        let gone = |story: Story| story.judged(0, 0).gone;
        let few = story.clone().opens("/", "other=1", &[]).opens("/", "other=1", &[]);
        assert_eq!(few.first(), Verdict::Kept(2));
        assert_eq!(gone(few), Some(Gone { number: 3, beside: 1 }));
        let crowded = gone(story.clone().opens("/", &many, &[])).unwrap();
        assert!(crowded.is_for_room() && crowded.beside == 60);
        assert_eq!(gone(story.clone().opens("/", &many, &[]).opens("/", "sid=1", &[])), None, "it came again");
        assert_eq!(
            gone(story.clone().opens("/", "sid=1", &["sid=; Max-Age=0"]).opens("/", "", &[])),
            None,
            "a line took it away"
        );
        assert_eq!(gone(story), None);
        let never = Story::new().opens("/", "", &["sid=1"]);
        assert_eq!(gone(never.clone().opens("/", "other=1", &[])), None, "the verdict says it");
        assert_eq!(gone(never.opens("/", &many, &[])), Some(Gone { number: 2, beside: 60 }));
    }

    #[test]
    fn a_deletion_is_done_when_nothing_comes_any_more() {
        let deletion = "sid=; Path=/; Max-Age=0";
        let gone = Story::new().opens("/", "sid=1", &[deletion]).opens("/", "", &[]);
        assert_eq!(gone.first(), Verdict::Deleted(2));
        let unknown = Story::new().opens("/", "sid=1", &[deletion]);
        assert_eq!(unknown.first(), Verdict::Unknown);
        let set_anew = Story::new().opens("/", "sid=1", &["sid=; Path=/old; Max-Age=0", "sid=2; Path=/"]).opens(
            "/old",
            "sid=2",
            &[],
        );
        assert_eq!(set_anew.first(), Verdict::Deleted(2));
    }

    #[test]
    fn that_a_cookie_does_not_come_elsewhere_is_no_deletion() {
        let deletion = "sid=; Path=/; Max-Age=0";
        let elsewhere = Story::new().opens("/shop/a", "sid=1", &[deletion]).opens("/", "", &[]);
        assert_eq!(elsewhere.first(), Verdict::Unknown, "it may be one of /shop");
        let below = Story::new().opens("/shop", "sid=1", &[deletion]).opens("/", "", &[]).opens("/shop/a", "", &[]);
        assert_eq!(below.first(), Verdict::Deleted(3));
        let known =
            Story::new().opens("/", "", &["sid=1; Path=/"]).opens("/shop/a", "sid=1", &[deletion]).opens("/", "", &[]);
        assert_eq!(known.judged(1, 0).verdict, Verdict::Deleted(3));
        let still =
            Story::new().opens("/shop/a", "sid=1", &[deletion]).opens("/shop/b", "sid=1", &[]).opens("/", "", &[]);
        assert_eq!(still.first(), Verdict::NotDeleted(2));
    }

    #[test]
    fn what_a_script_sets_after_a_deletion_is_another_cookie() {
        let story = Story::new().opens("/", "theme=a", &["theme=; Path=/; Max-Age=0"]).opens("/", "theme=b", &[]);
        assert_eq!(story.first(), Verdict::Deleted(2));
    }

    #[test]
    fn a_deletion_under_another_path_is_told_with_the_line_that_deletes() {
        let story = Story::new()
            .opens("/shop/", "", &["sid=1; Path=/shop; HttpOnly"])
            .opens("/shop/", "sid=1", &["sid=; Path=/; Max-Age=0"])
            .opens("/shop/", "sid=1", &[]);
        let judged = story.judged(1, 0);
        assert_eq!(judged.verdict, Verdict::NotDeleted(3));
        assert_eq!(judged.remedy.as_deref(), Some("sid=; Max-Age=0; Path=/shop; HttpOnly"));
        let refused = Story::new().opens("/", "__Host-sid=1", &["__Host-sid=; Path=/; Max-Age=0"]).opens(
            "/",
            "__Host-sid=1",
            &[],
        );
        let judged = refused.judged(0, 0);
        assert_eq!((judged.verdict, judged.rules.len()), (Verdict::NotDeleted(2), 1));
        assert_eq!(judged.remedy.as_deref(), Some("__Host-sid=; Max-Age=0; Path=/; Secure"));
    }

    #[test]
    fn a_cookie_whose_time_has_passed_is_not_missed() {
        let story = Story::new().opens("/", "", &["sid=1; Max-Age=1"]).opens("/", "", &[]);
        assert_eq!(story.first(), Verdict::Expired);
        let story = Story::new().opens("/", "", &["sid=1; Max-Age=60"]).opens("/", "", &[]);
        assert_eq!(story.first(), Verdict::Missing(2));
    }

    #[test]
    fn what_browsers_change_of_a_line_is_told() {
        let story = Story::new().opens("/", "", &["sid=1; Max-Age=99999999"]).opens("/", "sid=1", &[]);
        assert!(story.judged(0, 0).remarks[0].says.contains("400 days"));
    }

    #[test]
    fn a_request_whose_cookies_were_too_long_tells_nothing() {
        let long = format!("a=1; b={}", "x".repeat(40_000));
        let story = Story::new().opens("/", "", &["sid=1"]).opens("/", &long, &[]);
        assert_eq!(story.first(), Verdict::Unknown);
    }
}
