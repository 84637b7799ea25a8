//! A `Set-Cookie` line of any app by the same rules, for the server, which shows what became of each line of an app that it
//! stands in front of.

use super::{
    engines::differences,
    lanes::{default_path, path_matches},
    line::{Carrier, CookieLine, Prefix},
    rules::{Effect, Place, Rule, RuleId, broken, for_one_host, refusing, repaired},
};
use crate::browser::entry::SameSite;

/// Where a line was answered.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Whether it came by HTTPS.
    pub https: bool,
    /// Whether the browser keeps `Secure` cookies here: by HTTPS, and most also on this very machine.
    pub trustworthy: bool,
    /// The host that was asked, without a port.
    pub host: String,
    /// When, in UTC seconds.
    pub at: i64,
}

impl Answered {
    fn place(&self) -> Place {
        let Self { https, trustworthy, host, at } = self.clone();
        Place { https, trustworthy, host, now: at, hidden: Vec::new() }
    }
}

/// Where a request comes from, as far as `SameSite` asks (RFC 6265bis §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// The app's own site, or nowhere: typed, bookmarked.
    SameSite,
    /// Somebody follows a link of another site.
    LinkElsewhere,
    /// Another site begins it in another way.
    Elsewhere,
    /// The browser does not say.
    Unknown,
}

/// What decides which cookies go with a request (RFC 6265bis §5.8.3).
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// Its target, with a query or without one.
    pub target: &'a str,
    /// Where it comes from.
    pub from: Site,
}

/// A rule in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What it says.
    pub says: &'static str,
    /// Where it stands.
    pub source: &'static str,
    /// The address of that.
    pub link: &'static str,
}

impl Broken {
    fn of(rule: &Rule) -> Self {
        Self { says: rule.says, source: rule.source, link: rule.link }
    }
}

/// Whether a path covers the one of a target, which may have a query (RFC 6265bis §5.1.4).
pub fn path_covers(path: &str, target: &str) -> bool {
    path_matches(target.split('?').next().unwrap_or_default(), path)
}

/// A line, read as browsers read it.
#[derive(Clone, Debug)]
pub struct SetCookie {
    text: String,
    line: CookieLine,
    /// The path for which it is (RFC 6265bis §5.1.4).
    path: String,
}

impl SetCookie {
    /// Reads a line that answered a request for this target.
    pub fn read(text: &str, target: &str) -> Self {
        let line = CookieLine::parse(text);
        let path = line.read_path().unwrap_or_else(|| default_path(target)).to_owned();
        Self { text: text.to_owned(), line, path }
    }

    /// The cookie's name.
    pub fn name(&self) -> &str {
        &self.line.name
    }

    /// Its value as browsers send it back.
    pub fn value(&self) -> &str {
        self.line.kept_value()
    }

    /// Whether scripts are kept from it.
    pub fn is_http_only(&self) -> bool {
        self.line.http_only
    }

    /// When it ends by its own word, in UTC seconds.
    pub fn ends(&self, at: i64) -> Option<i64> {
        self.line.ends(at)
    }

    /// Whether it is there to delete a cookie.
    pub fn deletes(&self, at: i64) -> bool {
        self.line.deletes(at)
    }

    /// Whether another line sets the same cookie: one takes the place of the other (RFC 6265bis §5.7, step 23).
    pub fn is_same_cookie(&self, other: &Self) -> bool {
        let domain = |cookie: &Self| cookie.line.read_domain().map(str::to_ascii_lowercase);
        self.line.name == other.line.name
            && self.path == other.path
            && self.line.partitioned == other.line.partitioned
            && domain(self) == domain(other)
    }

    /// Whether a request is for what its path covers.
    pub fn covers(&self, target: &str) -> bool {
        path_covers(&self.path, target)
    }

    /// Whether a browser that has kept it sends it with a request by the same scheme; `None` where that cannot be told.
    pub fn goes_with(&self, sent: &Sent) -> Option<bool> {
        if !self.covers(sent.target) {
            return Some(false);
        }
        match (sent.from, self.line.same_site) {
            (Site::SameSite, _) => Some(true),
            (Site::LinkElsewhere, SameSite::Strict) | (Site::Elsewhere, SameSite::Lax | SameSite::Strict) => {
                Some(false)
            }
            (Site::LinkElsewhere, _) => Some(true),
            // Browsers differ over a line that says nothing, and over cookies of other sites at all.
            (Site::Elsewhere, _) | (Site::Unknown, _) => None,
        }
    }

    /// The rules for which it is to be refused.
    pub fn refused_for(&self, answered: &Answered) -> Vec<Broken> {
        refusing(&self.line, Carrier::Http, &answered.place()).into_iter().map(Broken::of).collect()
    }

    /// The line that breaks none of them and keeps the value; `None` where there is none, or nothing to repair.
    pub fn repaired(&self, answered: &Answered) -> Option<String> {
        let place = answered.place();
        if refusing(&self.line, Carrier::Http, &place).is_empty() {
            return None;
        }
        let mut line = self.line.clone();
        if place.https || place.trustworthy {
            mean(&mut line);
        }
        let mut line = repaired(&line, Carrier::Http, &place, None)?;
        if self.line.name.is_empty() && !line.name.is_empty() {
            line.name = "name".into();
        }
        (line.kept_value().is_empty() == self.value().is_empty()).then(|| line.text())
    }

    /// The line that deletes the cookie which this one sets.
    pub fn deletion(&self) -> String {
        self.line.deletion().text()
    }

    /// What browsers change of it, and what servers should not send.
    pub fn remarks(&self, answered: &Answered) -> Vec<Broken> {
        let rules = broken(&self.line, Carrier::Http, &answered.place()).into_iter();
        rules.filter(|rule| rule.effect != Effect::Refuses && rule.id != RuleId::Deletes).map(Broken::of).collect()
    }

    /// Where an engine is known to differ from the rules over it; the engine's name is one of `Chromium`, `Firefox`, `WebKitGTK`.
    pub fn differs_in(&self, engine: &str, answered: &Answered) -> Vec<&'static str> {
        let all = differences(&self.text, &self.line, Carrier::Http, &answered.place());
        all.into_iter().filter(|says| says.contains(engine)).collect()
    }
}

/// Gives a line what its author means: a prefix vouches for attributes, `SameSite=None` and `Partitioned` are for other sites,
/// and all of them want `Secure`.
fn mean(line: &mut CookieLine) {
    let prefix = Prefix::of(&line.name);
    line.secure |= prefix != Prefix::None || line.same_site == SameSite::None || line.partitioned;
    line.http_only |= matches!(prefix, Prefix::Http | Prefix::HostHttp);
    if for_one_host(line) {
        (line.path, line.domain) = (Some("/".into()), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> Answered {
        Answered { https: false, trustworthy: true, host: "127.0.0.1".into(), at: 1_000 }
    }

    fn repaired(line: &str) -> Option<String> {
        SetCookie::read(line, "/").repaired(&here())
    }

    #[test]
    fn a_line_that_is_meant_for_other_sites_is_repaired_with_secure() {
        assert_eq!(repaired("a=1; Path=/; SameSite=None").as_deref(), Some("a=1; Path=/; SameSite=None; Secure"));
        assert_eq!(repaired("a=1; Partitioned").as_deref(), Some("a=1; Secure; Partitioned"));
        assert_eq!(repaired("__Host-a=1").as_deref(), Some("__Host-a=1; Path=/; Secure"));
        assert_eq!(repaired("a=1; Domain=app.example").as_deref(), Some("a=1"));
        assert_eq!(repaired("=__Host-a").as_deref(), Some("name=__Host-a"));
        assert_eq!(repaired("a=1"), None);
        assert_eq!(repaired(&format!("a={}", "x".repeat(5_000))), None, "no line keeps such a value");
    }

    #[test]
    fn secure_without_https_depends_on_the_browser() {
        let line = SetCookie::read("a=1; Secure", "/");
        assert!(line.refused_for(&here()).is_empty());
        let elsewhere = Answered { trustworthy: false, ..here() };
        assert!(line.refused_for(&elsewhere)[0].says.starts_with("Secure is for secure origins"));
        assert_eq!(line.repaired(&elsewhere).as_deref(), Some("a=1"));
    }

    #[test]
    fn a_cookie_goes_where_its_path_and_its_site_let_it() {
        let goes = |line: &str, target: &str, from: Site| {
            SetCookie::read(line, "/shop/cart?x=/y").goes_with(&Sent { target, from })
        };
        assert_eq!(goes("a=1", "/shop/list", Site::SameSite), Some(true));
        assert_eq!(goes("a=1", "/shops", Site::SameSite), Some(false));
        assert_eq!(goes("a=1; Path=/", "/?q", Site::SameSite), Some(true));
        assert_eq!(goes("a=1; SameSite=Strict", "/shop", Site::LinkElsewhere), Some(false));
        assert_eq!(goes("a=1; SameSite=Lax", "/shop", Site::LinkElsewhere), Some(true));
        assert_eq!(goes("a=1; SameSite=Lax", "/shop", Site::Elsewhere), Some(false));
        assert_eq!(goes("a=1", "/shop", Site::Elsewhere), None);
        assert_eq!(goes("a=1", "/shop", Site::Unknown), None);
    }
}
