//! The page `/app/session`: what is to be done next, and at the end the report.

use super::{LogIn, Progress, seen::pages};
use crate::{
    app_proxy::{Wire, document},
    session_check::{
        findings::{Finding, Severity},
        probe::Known,
        report::Report,
    },
};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// The query of a page that shows values as they are.
const VALUES_SHOWN: &str = "values=shown";

/// Whether a query asks for values as they are.
pub(super) fn shows_secrets(query: Option<&str>) -> bool {
    query == Some(VALUES_SHOWN)
}

/// The whole page. There is no progress while the app is being asked.
pub(super) fn whole(style: &str, wire: &Wire, progress: Option<&Progress>, shows_secrets: bool) -> String {
    in_document(
        style,
        &html! {
            @match progress {
                None => p { "The lab is asking your app. " a href="/app/session" { "Look again" } },
                Some(Progress::Idle) => (begin(wire)),
                Some(Progress::LogIn { since, fault }) => (log_in(wire, *since, fault.as_deref())),
                Some(Progress::LogOut { log_in, fault }) => (log_out(wire, log_in, fault.as_deref())),
                Some(Progress::Done(report)) => (done(&Report { shows_secrets, ..(**report).clone() })),
            }
        },
    )
}

/// The page where there is no app: it tells how one comes there.
pub(super) fn without_app(style: &str) -> String {
    in_document(
        style,
        &html! {
            p.lead { "This server was started without an app. Name yours:" }
            pre { code { "storage-lab serve --app http://localhost:8080" } }
            p { "Or check it without a browser, also in CI:" }
            pre { code { "storage-lab check-session --app http://localhost:8080 --login login.toml" } }
        },
    )
}

fn in_document(style: &str, content: &Markup) -> String {
    const TITLE: &str = "Check your app’s session";
    document(style, TITLE, &html! { div.session-check { h1 { (TITLE) } (content) } })
}

fn start(words: &str) -> Markup {
    html! { form method="post" action="/app/session/start" { button type="submit" { (words) } } }
}

fn fault(words: Option<&str>) -> Markup {
    html! { div role="alert" { @if let Some(words) = words { p.error { (words) } } } }
}

fn begin(wire: &Wire) -> Markup {
    html! {
        p.lead {
            "You log in to your app at " a href=(wire.port) { (wire.port) } " and out again, and the lab watches the wire: which cookie is the session, "
            "whether the log-in rotates it, whether the log-out ends it, and what its attributes are worth."
        }
        p { "When you press a button here, the lab asks your app for one page that you choose, by GET, with some of your cookies or with none. It asks for nothing else." }
        p { "First log out of your app, then start." }
        (start("Start"))
        p.hint { "Without a browser, also in CI: " code { "storage-lab check-session --app " (wire.app) " --login login.toml" } }
    }
}

fn log_in(wire: &Wire, since: u64, fault_words: Option<&str>) -> Markup {
    let pages = pages(wire, since);
    html! {
        h2 { "1. Log in" }
        ol {
            li { "Open your app at " a href=(wire.port) target="_blank" rel="noreferrer" { (wire.port) } ", and log in there." }
            li { "Open a page there that only who is logged in sees." }
            li { "Come back, choose that page and press the button." }
        }
        (fault(fault_words))
        @if pages.is_empty() {
            p { "No page of your app has been opened since the start." }
            p { a href="/app/session" { "Look again" } }
        } @else {
            form.card method="post" action="/app/session/logged-in" {
                div.field {
                    label for="page" { "A page that only who is logged in sees" }
                    select #page name="page" { @for page in &pages { option value=(page) { (page) } } }
                    p.hint { "The pages that you have opened, the latest first. " a href="/app/session" { "Look again" } }
                }
                div.field {
                    label for="shows" { "Words that stand there for you alone" }
                    input #shows name="shows" type="text" autocomplete="off" spellcheck="false" aria-describedby="shows-hint";
                    p.hint #shows-hint { "Only where the page answers strangers with 200 too: your name, or “Log out”." }
                }
                button type="submit" { "I am logged in" }
            }
        }
        (start("Start over"))
    }
}

fn log_out(wire: &Wire, log_in: &LogIn, fault_words: Option<&str>) -> Markup {
    html! {
        h2 { "2. Log out" }
        p {
            @match &log_in.session[..] {
                names if log_in.known == Known::Chosen => { "Your session: " @for (index, name) in names.iter().enumerate() { @if index > 0 { " and " } code { (name) } } ", as you say." }
                [] => "No cookie carries your session: the page lets in without any of them.",
                [name] => { "Your session is the cookie " code { (name) } ": without it " code { (log_in.chosen.target) } " lets nobody in." }
                names => { "Your session are the cookies " @for (index, name) in names.iter().enumerate() { @if index > 0 { " and " } code { (name) } } "." }
            }
        }
        @if !log_in.cookies.is_empty() { (correction(log_in)) }
        ol {
            li { "Log out in your app at " a href=(wire.port) target="_blank" rel="noreferrer" { (wire.port) } "." }
            li { "Come back and press the button. The lab then asks for " code { (log_in.chosen.target) } " once more with the old cookies." }
        }
        (fault(fault_words))
        form method="post" action="/app/session/logged-out" { button type="submit" { "I have logged out" } }
        (start("Start over"))
    }
}

fn correction(log_in: &LogIn) -> Markup {
    let names: BTreeSet<_> = log_in.cookies.iter().map(|(name, _)| name).collect();
    html! {
        details {
            summary { "Is it another cookie?" }
            form method="post" action="/app/session/cookies" {
                fieldset {
                    legend { "The cookies that carry your session" }
                    @for name in names {
                        label.check { input type="checkbox" name="cookie" value=(name) checked[log_in.session.contains(name)]; code { (name) } }
                    }
                }
                button type="submit" { "Take these" }
            }
        }
    }
}

fn done(report: &Report) -> Markup {
    let query = if report.shows_secrets { format!("?{VALUES_SHOWN}") } else { String::new() };
    let downloads =
        [("markdown", "Markdown", "session.md"), ("json", "JSON", "session.json"), ("sarif", "SARIF", "session.sarif")];
    html! {
        p.lead { (report.counts()) }
        div.buttons {
            @for (format, name, file) in downloads {
                a href={ "/app/session/report/" (format) (query) } download=(file) { "Download as " (name) }
            }
            @if report.shows_secrets {
                a href="/app/session" { "Hide values" }
            } @else {
                a href={ "/app/session?" (VALUES_SHOWN) } { "Show values" }
            }
            (start("Check again"))
        }
        ul.findings { @for finding in &report.findings { (one(finding)) } }
        h2 { "What was exchanged" }
        @for (index, exchange) in report.exchanges.iter().enumerate() {
            section id={ "x" (index + 1) } aria-labelledby={ "h" (index + 1) } {
                h3 id={ "h" (index + 1) } { (index + 1) ". " (exchange.stage.name()) }
                pre { code { @for line in report.lines(exchange) { (line) "\n" } } }
            }
        }
    }
}

fn one(finding: &Finding) -> Markup {
    let kind = match finding.severity {
        Severity::Ok => "kept",
        Severity::Note => "open",
        Severity::Warning | Severity::Error => "lost",
    };
    html! {
        li class={ "set " (kind) } {
            h2 { (finding.check.title()) }
            p.verdict {
                strong { (finding.severity.name()) ": " } (finding.words)
                @if let Some(index) = finding.evidence { " See " a href={ "#x" (index + 1) } { "exchange " (index + 1) } "." }
            }
            @if !finding.remedy.is_empty() {
                details {
                    summary { "What to do about “" (finding.check.title()) "”" }
                    pre { code { (finding.remedy) } }
                }
            }
            p.hint { (finding.check.rule()) }
        }
    }
}
