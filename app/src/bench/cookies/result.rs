//! What became of a tried line, in words: the three lanes and why.

use crate::{
    browser::{
        Expires,
        cookies::{
            Carrier,
            rules::{Rule, RuleId},
            trial::{Differs, Finding, Outcome, Proof, Report},
        },
    },
    text::told,
    words::in_words,
};
use leptos::prelude::*;

impl Report {
    /// What happened, in one sentence.
    pub fn headline(&self) -> String {
        let (the, name) = match self.line.name.as_str() {
            "" => ("the ", "cookie without a name".to_owned()),
            name => ("", told(name)),
        };
        match self.outcome {
            Outcome::Kept => format!("The browser kept {the}{name}."),
            Outcome::Refused if self.changes.iter().any(|rule| rule.id == RuleId::Deletes) => {
                format!("The browser refused to delete {the}{name}.")
            }
            Outcome::Refused => format!("The browser refused {the}{name}."),
            Outcome::Deleted => format!("The browser keeps no {name}: its time has passed."),
            Outcome::OutOfSight => format!("What became of {the}{name} cannot be seen from here."),
        }
    }

    fn scripts(&self) -> String {
        match self.scripts {
            Some(true) => "They read it.".into(),
            Some(false) if self.outcome == Outcome::Kept && self.line.http_only => {
                "They do not see it: HttpOnly.".into()
            }
            Some(false) => "They do not see it.".into(),
            None => format!("This page's do not see it: it is for {}.", told(self.line.effective_path(self.carrier))),
        }
    }

    fn server(&self) -> String {
        match &self.server {
            Some((at, true)) => {
                format!("It arrived with a request to {}, {} bytes.", told(at), self.line.pair_bytes())
            }
            Some((at, false)) => format!("It did not arrive with a request to {}.", told(at)),
            None => format!(
                "No request of this page goes to {}; below /lab/echo the lab could see it.",
                told(self.line.effective_path(self.carrier))
            ),
        }
    }

    fn sent_by(&self) -> &'static str {
        match self.carrier {
            Carrier::Script => "Set by a script, through document.cookie.",
            Carrier::Http => "Set over HTTP, by a Set-Cookie line of the lab's server.",
        }
    }

    /// What the browser says of the life that was asked for.
    fn life(&self) -> Option<String> {
        let asked_for = self.line.max_age.is_some() || self.line.expires.is_some();
        let cut = self.changes.iter().any(|rule| rule.id == RuleId::LongestLife);
        match self.told {
            _ if self.outcome != Outcome::Kept || !asked_for => None,
            Expires::At(end) => Some(format!("This browser says that it keeps it for {}.", in_words(end - self.now))),
            Expires::Unknown if cut => Some("This browser does not tell scripts how long it keeps it.".into()),
            Expires::Unknown => None,
            _ => Some("This browser says that it ends with the browser session.".into()),
        }
    }

    /// Where the browser differs from the specification over a line that breaks no rule.
    fn differs(&self) -> Option<String> {
        Some(match self.differs? {
            Differs::Kept => "by that its time has passed. Tried here: this browser kept it.".into(),
            Differs::Ended => {
                "by that its time has not passed. Tried here: with another life the same cookie was kept.".into()
            }
            Differs::Without(what) => format!("by that it is to be kept. Tried here: without {what} it was kept."),
            Differs::Life => "by that the cookie has another end.".into(),
        })
    }
}

/// The result of the last try.
pub(super) fn result(report: &Report) -> AnyView {
    let kept = match report.outcome {
        Outcome::Kept => "kept",
        Outcome::Refused => "refused",
        Outcome::Deleted => "gone",
        Outcome::OutOfSight => "unknown",
    };
    let life = report.life().map(|life| view! { <li>{life}</li> });
    let doubt = report.was_there.then(|| view! {
        <li>"It was there already with this value, which proves nothing: the same line was tried under another name."</li>
    });
    let unexplained = report.unexplained.then(|| {
        view! {
            <li>
                "For a reason that this page does not know: without anything that a rule forbids it was refused as well.
                Cookies may be blocked for this site, or a rule of this browser's own applies."
            </li>
        }
    });
    let differs = report.differs().map(|how| {
        view! {
            <li>
                <strong>"Your browser differs from the spec: "</strong>
                {how}
            </li>
        }
    });
    let changes = report.changes.iter().map(|rule| view! { <li>{rule.says} " " {source(rule)}</li> }).collect_view();
    view! {
        <section class="result" id="cookie-result" tabindex="-1" aria-labelledby="cookie-result-heading">
            <h3 id="cookie-result-heading">{report.headline()}</h3>
            <dl class="facts">
                <dt>"Browser"</dt>
                <dd>
                    <strong>{kept}</strong> ". " {report.sent_by()}
                </dd>
                <dt>"Scripts"</dt>
                <dd>{report.scripts()}</dd>
                <dt>"Server"</dt>
                <dd>{report.server()}</dd>
            </dl>
            <ul class="why" aria-label="Why">
                {report.findings.iter().map(finding).collect_view()} {differs} {unexplained} {doubt} {changes} {life}
            </ul>
        </section>
    }
    .into_any()
}

fn finding(finding: &Finding) -> AnyView {
    let (lead, proof) = match finding.proof {
        Proof::Proven => ("Refused: ", " Proven here: with this alone it was refused again."),
        Proof::NotApplied => ("Your browser differs from the spec: ", " Tried here: with this alone it was kept."),
        Proof::Inseparable => ("Possibly refused: ", " It could not be tried by itself."),
    };
    view! {
        <li>
            <strong>{lead}</strong>
            {finding.rule.says}
            " "
            {source(finding.rule)}
            "."
            {proof}
        </li>
    }
    .into_any()
}

/// The place in the specification, as a link.
pub(super) fn source(rule: &'static Rule) -> AnyView {
    view! {
        <a href=rule.link rel="noreferrer">
            {rule.source}
        </a>
    }
    .into_any()
}
