//! What became of a cookie, found by looking for it, and why, found by trying: the line with every broken rule repaired
//! must be taken, then each rule is broken alone. Trials go under a name of their own, live a minute at most and are
//! removed at once.

use super::{
    http::echo,
    lanes::{asked_at, path_matches},
    line::{Carrier, CookieLine, Prefix},
    rules::{Effect, Forecast, Place, Rule, RuleId, broken, forecast, refusing, repaired},
    script::{cookie_string, hand_over, list, parse},
};
use crate::browser::{
    entry::Expires,
    refusal::Refusal,
    sizes::{COOKIE_LIMIT_BYTES, bytes},
};

/// The name under which lines are tried, after the line's own prefix.
const TRIAL: &str = "lab-trial";

/// What became of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Kept,
    Refused,
    /// Its time has passed, and there is no cookie of that name.
    Deleted,
    /// No request of this page goes to its path.
    OutOfSight,
}

/// What a trial showed of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// With this rule alone broken it was refused again.
    Proven,
    /// With this rule alone broken it was kept.
    NotApplied,
    /// It could not be broken alone.
    Inseparable,
}

#[derive(Clone, Copy)]
pub(crate) struct Finding {
    pub rule: &'static Rule,
    pub proof: Proof,
}

/// How a browser differs from the specification over a line that breaks no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Differs {
    /// Its time has passed, and it was kept.
    Kept,
    /// Its time has not passed, and it was not kept; with another life it was.
    Ended,
    /// It was not kept; without this it was.
    Without(&'static str),
    /// It was kept, with another end.
    Life,
}

/// What a browser may object to on its own account.
struct Objection {
    to: &'static str,
    /// Takes it out of a line.
    remove: fn(&mut CookieLine),
}

const OBJECTIONS: [Objection; 3] = [
    Objection { to: "a tab inside name and value", remove: |line| without(line, |c| c == '\t') },
    Objection { to: "letters beyond ASCII", remove: |line| without(line, |c| !c.is_ascii()) },
    Objection { to: "its Domain", remove: |line| line.domain = None },
];

fn without(line: &mut CookieLine, is_odd: fn(char) -> bool) {
    line.name.retain(|c| !is_odd(c));
    line.value.retain(|c| !is_odd(c));
}

/// Everything found out about one line.
#[derive(Clone)]
pub(crate) struct Report {
    pub line: CookieLine,
    pub carrier: Carrier,
    pub outcome: Outcome,
    /// Whether scripts of this page see it; `None` where it is for another path.
    pub scripts: Option<bool>,
    /// The path asked at, and whether it arrived there.
    pub server: Option<(String, bool)>,
    /// What was in the way of telling by the line itself.
    pub was_there: bool,
    pub findings: Vec<Finding>,
    /// It was refused, and so was the line without anything that a rule forbids.
    pub unexplained: bool,
    pub differs: Option<Differs>,
    /// Rules that change what is kept.
    pub changes: Vec<&'static Rule>,
    /// When it ends, as far as the browser tells.
    pub told: Expires,
    /// UTC seconds.
    pub now: i64,
}

/// What is there under a name.
struct Sight {
    /// The values that scripts read; `None` where its path is not this page's.
    scripts: Option<Vec<String>>,
    /// Where the server was asked, and the sizes that arrived.
    server: Option<(String, Vec<u32>)>,
}

impl Sight {
    async fn of(line: &CookieLine, carrier: Carrier) -> Self {
        let path = line.effective_path(carrier);
        let scripts = path_matches("/", path).then(|| {
            let cookies = parse(&cookie_string()).into_iter();
            cookies.filter(|cookie| cookie.name == line.name).map(|cookie| cookie.value).collect()
        });
        let server = match asked_at(path) {
            Some(at) => echo(&at).await.map(|cookies| {
                let named = cookies.iter().filter(|cookie| cookie.name == line.name);
                (at, named.map(|cookie| cookie.bytes).collect())
            }),
            None => None,
        };
        Self { scripts, server }
    }

    fn seen(&self, line: &CookieLine) -> Option<bool> {
        self.scripts.as_ref().map(|values| values.iter().any(|value| value == line.kept_value()))
    }

    fn arrived(&self, line: &CookieLine) -> Option<bool> {
        self.server.as_ref().map(|(_, sizes)| sizes.contains(&line.pair_bytes()))
    }

    /// Whether the line is there as it says; `None` where that cannot be seen. What scripts can read they are asked for:
    /// a value is more than a size.
    fn has(&self, line: &CookieLine) -> Option<bool> {
        match (self.seen(line), self.arrived(line)) {
            (Some(true), _) => Some(true),
            (Some(false), arrived) if line.http_only => arrived,
            (Some(false), _) => Some(false),
            (None, arrived) => arrived,
        }
    }

    /// Whether there is nothing under the name.
    fn is_empty(&self) -> Option<bool> {
        let lanes = [self.scripts.as_ref().map(Vec::is_empty), self.server.as_ref().map(|(_, sizes)| sizes.is_empty())];
        lanes.into_iter().flatten().reduce(|all, lane| all && lane)
    }
}

/// Hands the text to the browser and finds out what became of it. `line` is the text as browsers read it.
pub(crate) async fn run(text: &str, line: CookieLine, carrier: Carrier, place: &Place) -> Result<Report, Refusal> {
    let before = Sight::of(&line, carrier).await;
    hand_over(text, carrier).await?;
    let after = Sight::of(&line, carrier).await;
    let deletes = line.deletes(place.now);
    // What was there already says nothing about this line.
    let was_there = !deletes && before.has(&line) == Some(true);
    let there = if was_there { try_out(&line, carrier, false).await? } else { after.has(&line) };
    let kept_nevertheless = deletes && before.has(&line) == Some(false) && there == Some(true);
    let outcome = match (deletes && !kept_nevertheless, there, after.is_empty()) {
        (true, _, Some(true)) => Outcome::Deleted,
        (true, _, Some(false)) | (false, Some(false), _) => Outcome::Refused,
        (false, Some(true), _) => Outcome::Kept,
        (true, _, None) | (false, None, _) => Outcome::OutOfSight,
    };
    let mut report = Report {
        scripts: after.seen(&line),
        server: after.server.as_ref().map(|(at, sizes)| (at.clone(), sizes.contains(&line.pair_bytes()))),
        outcome,
        was_there,
        findings: Vec::new(),
        unexplained: false,
        differs: kept_nevertheless.then_some(Differs::Kept),
        changes: broken(&line, carrier, place).into_iter().filter(|rule| rule.effect == Effect::Changes).collect(),
        told: Expires::Unknown,
        now: place.now,
        line,
        carrier,
    };
    match outcome {
        Outcome::Refused => explain(&mut report, place).await?,
        Outcome::Kept => {
            report.told = told(&report.line).await;
            if report.differs.is_none() && !agrees(&report, place) {
                report.differs = Some(Differs::Life);
            }
        }
        _ => {}
    }
    if nameless(&report.line) && outcome == Outcome::Kept {
        remove(&report.line, carrier).await;
    }
    Ok(report)
}

/// Finds the rules for which it was refused.
async fn explain(report: &mut Report, place: &Place) -> Result<(), Refusal> {
    let (line, carrier) = (report.line.clone(), report.carrier);
    // Some browsers want HTTPS for `Secure` even on this very machine.
    let strict = Place { trustworthy: false, ..place.clone() };
    let place = if refusing(&line, carrier, place).is_empty() { &strict } else { place };
    let candidates = refusing(&line, carrier, place);
    // Under the trial's name there is nothing to write over.
    let empty = Place { hidden: Vec::new(), ..place.clone() };
    let sound = repaired(&line, carrier, &empty, None);
    let taken = match &sound {
        Some(sound) => try_out(sound, carrier, false).await?,
        None => None,
    };
    if taken != Some(true) {
        for Objection { to, remove } in OBJECTIONS {
            let Some(mut simpler) = sound.clone() else { break };
            remove(&mut simpler);
            if sound.as_ref() != Some(&simpler) && try_out(&simpler, carrier, false).await? == Some(true) {
                report.differs = Some(Differs::Without(to));
                return Ok(());
            }
        }
        report.unexplained = true;
        return Ok(());
    }
    for rule in candidates {
        let overwrites = rule.id == RuleId::HttpOnlyOverwrite;
        let alone = repaired(&line, carrier, &empty, (!overwrites).then_some(rule));
        let kept = match &alone {
            Some(alone) => try_out(alone, carrier, overwrites).await?,
            None => None,
        };
        let proof = match kept {
            Some(false) => Proof::Proven,
            Some(true) => Proof::NotApplied,
            None => Proof::Inseparable,
        };
        report.findings.push(Finding { rule, proof });
    }
    let explained = report.findings.iter().any(|finding| finding.proof != Proof::NotApplied);
    // The trials have a life of their own. What was kept with that one has ended by its own.
    let has_end = report.line.max_age.is_some() || report.line.expires.is_some();
    if !explained && has_end && !report.line.deletes(place.now) {
        report.differs = Some(Differs::Ended);
    }
    report.unexplained = !explained && report.differs.is_none();
    Ok(())
}

/// Tries a line under the trial's name, over a cookie that is `HttpOnly` where one is to be there; tells whether it was
/// kept.
async fn try_out(line: &CookieLine, carrier: Carrier, over_http_only: bool) -> Result<Option<bool>, Refusal> {
    let trial = trial(line);
    if over_http_only {
        let there = CookieLine { value: "there".into(), http_only: true, ..trial.clone() };
        hand_over(&there.text(), Carrier::Http).await?;
    }
    hand_over(&trial.text(), carrier).await?;
    let kept = Sight::of(&trial, carrier).await.has(&trial);
    remove(&trial, carrier).await;
    Ok(kept)
}

/// The line under the trial's name, with what is odd in its own, and for a minute: how long it is kept is never why it is
/// refused. Where it is too large it is so by as many bytes.
fn trial(line: &CookieLine) -> CookieLine {
    let mut trial = CookieLine { max_age: Some("60".into()), expires: None, ..line.clone() };
    if nameless(line) {
        return trial;
    }
    let odd: String = line.name.chars().filter(|c| !c.is_ascii_graphic()).collect();
    trial.name = format!("{}{TRIAL}{odd}", Prefix::of(&line.name).text());
    if line.pair_bytes().max(trial.pair_bytes()) > COOKIE_LIMIT_BYTES {
        let room = line.pair_bytes().saturating_sub(bytes(&trial.name)) as usize;
        let end = line.kept_value().floor_char_boundary(room);
        trial.value = format!("{}{}", &line.kept_value()[..end], "x".repeat(room - end));
    }
    trial
}

fn nameless(line: &CookieLine) -> bool {
    line.name.is_empty()
}

/// Removes a cookie again. Over HTTP every cookie of the lab can be; one without a name is a script's.
async fn remove(line: &CookieLine, carrier: Carrier) {
    let path = Some(line.effective_path(carrier).to_owned());
    let deletion = CookieLine { path, ..line.deletion() };
    let by = if nameless(line) { Carrier::Script } else { Carrier::Http };
    // What stays behind after all ends within the minute.
    let _ = hand_over(&deletion.text(), by).await;
}

/// When the cookie ends, as the browser tells.
async fn told(line: &CookieLine) -> Expires {
    let named = list().await.into_iter().find(|cookie| cookie.name == line.name && cookie.value == line.kept_value());
    named.map_or(Expires::Unknown, |cookie| cookie.expires)
}

/// Whether what the browser tells is as forecast; a minute is no difference.
fn agrees(report: &Report, place: &Place) -> bool {
    let Forecast::Kept(expected) = forecast(&report.line, report.carrier, place) else { return true };
    match (expected.expires, report.told) {
        (_, Expires::Unknown) => true,
        (Expires::At(expected), Expires::At(told)) => (expected - told).abs() <= 60,
        (expected, told) => expected == told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_has_the_prefix_of_its_line_its_odd_letters_and_its_size_where_that_matters() {
        let of = |line: &str| trial(&CookieLine::parse(line));
        let size = format!("lab-a={}", "x".repeat(4_092));
        assert_eq!((of(&size).pair_bytes(), of(&size).name.as_str()), (4_097, "lab-trial"));
        assert_eq!(of(&format!("__Host-lab-something-long={}", "é".repeat(2_040))).pair_bytes(), 4_105);
        assert_eq!(of(&format!("lab-a={}", "é".repeat(2_045))).pair_bytes(), 4_095);
        assert_eq!(
            of("__host-Http-lab-abcdefgh=; Expires=Thu, 01 Jan 1970 00:00:00 GMT").text(),
            "__Host-Http-lab-trial=; Max-Age=60"
        );
        assert_eq!(of("lab-a\té=a\tb").text(), "lab-trial\té=a\tb; Max-Age=60");
        assert_eq!(of("=__Host-x").text(), "__Host-x; Max-Age=60");
    }

    #[test]
    fn what_scripts_read_says_more_than_a_size() {
        let line = CookieLine::parse("lab-a=new");
        let sight = |scripts: Option<&str>, sizes: &[u32]| Sight {
            scripts: scripts.map(|value| vec![value.to_owned()]),
            server: Some(("/lab/echo".into(), sizes.to_vec())),
        };
        assert_eq!(sight(Some("new"), &[8]).has(&line), Some(true));
        assert_eq!(sight(Some("old"), &[8]).has(&line), Some(false));
        assert_eq!(sight(None, &[8]).has(&line), Some(true));
        let hidden = CookieLine { http_only: true, ..line };
        assert_eq!(sight(Some("old"), &[8]).has(&hidden), Some(true));
        assert_eq!(sight(Some("old"), &[9]).has(&hidden), Some(false));
        assert_eq!(Sight { scripts: None, server: None }.has(&hidden), None);
    }
}
