//! The page `/app`: the exchanges, the latest first. A document of the server's own: it needs no program, and the program no
//! knowledge of it.

use super::{
    Wire,
    code::in_frameworks,
    exchange::{Carried, Exchange, Line},
    verdict::{Gone, Judge, Judged, Verdict},
};
use crate::app_proxy::{absent::bare, dock::Dock, masking::Masking};
use app::set_cookie::Broken;
use maud::{DOCTYPE, Markup, html};
use std::{
    collections::BTreeSet,
    time::{Duration, UNIX_EPOCH},
};

/// Which exchanges are shown, and how much of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// Only those with cookies.
    cookies: bool,
    /// Only those with a cookie whose name has this in it.
    name: String,
    masking: Masking,
}

impl Shown {
    /// Reads the fields of the form.
    pub fn read(query: &str) -> Self {
        let mut shown = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "cookies" => shown.cookies = value == "only",
                "name" => shown.name = value.trim().to_owned(),
                "values" => shown.masking.shows_values = value == "shown",
                _ => {}
            }
        }
        shown
    }

    /// The same as a query, with its question mark.
    fn query(&self) -> String {
        let field = |is_there: bool, value| if is_there { value } else { "" };
        let fields = [
            ("cookies", field(self.cookies, "only")),
            ("name", &self.name),
            ("values", field(self.masking.shows_values, "shown")),
        ];
        app::routing::with_query("", fields)
    }

    fn has(&self, exchange: &Exchange) -> bool {
        let mut names = exchange
            .asked
            .carried
            .iter()
            .map(|cookie| cookie.name.as_str())
            .chain(exchange.set.iter().map(|line| line.cookie.name()))
            .peekable();
        let is_wanted = |name: &str| name.to_lowercase().contains(&self.name.to_lowercase());
        let any = names.peek().is_some() || exchange.left_out > 0 || exchange.asked.is_cut;
        (any || !self.cookies) && (self.name.is_empty() || names.any(is_wanted))
    }
}

/// The whole page; without an app it tells how one comes there.
pub(super) fn whole(style: &str, wire: Option<&Wire>, shown: &Shown) -> String {
    let content = match wire {
        Some(wire) => in_front(wire, shown),
        None => html! {
            h1 { "Your app" }
            p.lead { "The lab can stand in front of an app that you develop and show each request, its cookies, and whether the browser kept them." }
            div.card {
                p { "This server was started without one. Name yours:" }
                pre { code { "storage-lab serve --app http://localhost:8080" } }
                p { "It is then at " code { "http://127.0.0.1:3100" } " too, and what goes through there is shown here." }
            }
        },
    };
    document(style, "Your app", &content)
}

/// The page for who does not sit at this machine.
pub(super) fn refused() -> String {
    let content = html! {
        p { "What goes through to the app holds its users’ sessions. Open this page on the machine that the server runs on, without a proxy: at http://localhost and its port." }
    };
    bare("This is shown to its own machine alone", None, &content)
}

/// A document of the server's own, with the lab's head and foot.
pub(crate) fn document(style: &str, title: &str, content: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Storage Lab" }
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
                link rel="stylesheet" href=(style);
                link rel="stylesheet" href="/app-wire.css";
                script src="/app-wire.js" {}
            }
            body {
                a.skip href="#main" { "Skip to content" }
                header {
                    a.brand href="/" aria-label="Storage Lab, home" {
                        svg aria-hidden="true" viewBox="0 0 24 24" width="24" height="24" {
                            circle.c-cookies cx="7" cy="7" r="4.5" {}
                            path.c-session d="M17 2.5 21.5 11.5h-9z" {}
                            rect.c-local x="3" y="13.5" width="8" height="8" rx="1" {}
                            path.c-server d="m17 12.5 4.7 4.7-4.7 4.7-4.7-4.7z" {}
                        }
                        span { "Storage Lab" }
                    }
                    nav aria-label="Main" {
                        ul {
                            li { a href="/" { "Bench" } }
                            li { a href="/experiments" { "Experiments" } }
                            li { a href="/login-flow" { "Log-in flow" } }
                            li { a href="/app" aria-current="page" { "Your app" } }
                        }
                    }
                }
                main #main tabindex="-1" { div.wide { (content) } }
                footer { p { "What is shown here is in this server’s memory alone, and goes when it stops." } }
            }
        }
    }
    .into_string()
}

fn in_front(wire: &Wire, shown: &Shown) -> Markup {
    let (list, tag) = list(wire, shown);
    html! {
        h1 { "The wire of your app" }
        p.lead {
            "What goes through " a href=(wire.port) { (wire.port) } " to " code { (wire.app) }
            ": which cookies a request carried and an answer set, and whether the browser kept them, found by what came back later."
        }
        (dock(&wire.dock))
        div.wire-controls {
            form.card method="get" action="/app" {
                div.field {
                    label for="name" { "Cookie’s name" }
                    input #name type="search" name="name" value=(shown.name) autocomplete="off" spellcheck="false";
                }
                label.check { input type="checkbox" name="cookies" value="only" checked[shown.cookies]; "Only exchanges with cookies" }
                div.buttons {
                    @if shown.masking.shows_values {
                        button type="submit" name="values" value="shown" { "Filter" }
                        button type="submit" { "Hide values" }
                    } @else {
                        button type="submit" { "Filter" }
                        button type="submit" name="values" value="shown" { "Show values" }
                    }
                }
            }
            div.buttons {
                a href="/app/session" { "Check its session" }
                a href={ "/app" (shown.query()) } { "Reload" }
                button #pause type="button" aria-pressed="false" hidden { "Pause" }
                form method="post" action="/app/forget" { button type="submit" { "Forget all" } }
            }
        }
        div #exchanges data-tag=(tag) data-from={ "/app/exchanges" (shown.query()) } { (list) }
    }
}

/// Whether pages get the dock, and how to have it otherwise.
fn dock(dock: &Dock) -> Markup {
    html! {
        p.hint {
            @if dock.is_added {
                "Its pages get the dock, a tab at their edge that shows their stores. Start the lab with " code { "--no-dock" }
                " to leave them as they are. "
            } @else {
                "Its pages are left as they are. Start the lab without " code { "--no-dock" }
                " to give them the dock, a tab at their edge that shows their stores. "
            }
            "For pages that do not come through the port: " code { (dock.line_without_port()) }
        }
    }
}

/// Tells this state of the record from every other.
pub(super) fn tag(wire: &Wire, changes: u64) -> String {
    format!("\"{:x}-{changes:x}\"", wire.since)
}

/// The exchanges that are shown, and the tag of the record that they are from.
pub(super) fn list(wire: &Wire, shown: &Shown) -> (Markup, String) {
    let (exchanges, changes) = wire.record.look();
    let (judge, now) = (Judge::new(&exchanges), wire.clock.now());
    let wanted: Vec<_> = exchanges.iter().enumerate().filter(|(_, exchange)| shown.has(exchange)).collect();
    let numbers: BTreeSet<_> = wanted.iter().map(|(_, exchange)| exchange.number).collect();
    let list = html! {
        p.hint { (count(wanted.len(), exchanges.len())) }
        @if exchanges.is_empty() {
            p.empty { "Nothing has gone through yet. Open your app at " a href=(wire.port) { (wire.port) } "." }
        }
        @if !wanted.is_empty() {
            table.exchanges role="table" {
                caption.visually-hidden { "Exchanges, the latest first" }
                thead role="rowgroup" {
                    tr role="row" {
                        th scope="col" role="columnheader" { "Exchange" }
                        th scope="col" role="columnheader" { "Carried" }
                        th scope="col" role="columnheader" { "Set, and what became of it" }
                    }
                }
                tbody role="rowgroup" {
                    @for (place, exchange) in wanted.iter().rev() {
                        (row(&Row { judge: &judge, place: *place, exchange, numbers: &numbers, shown, now }))
                    }
                }
            }
        }
    };
    (list, tag(wire, changes))
}

fn count(wanted: usize, all: usize) -> String {
    let exchanges = if all == 1 { "exchange" } else { "exchanges" };
    if wanted == all { format!("{all} {exchanges}.") } else { format!("{wanted} of {all} {exchanges}.") }
}

/// An exchange, with what is needed to tell of it.
struct Row<'a> {
    judge: &'a Judge<'a>,
    place: usize,
    exchange: &'a Exchange,
    numbers: &'a BTreeSet<u64>,
    shown: &'a Shown,
    now: i64,
}

fn row(row: &Row) -> Markup {
    let Row { exchange, shown, .. } = row;
    let asked = &exchange.asked;
    html! {
        tr id={ "e" (exchange.number) } role="row" {
            th scope="row" role="rowheader" {
                p { "#" (exchange.number) " " (asked.method.as_str()) " " code { (shown.masking.address(&asked.target)) } }
                p.hint { (exchange.status.as_u16()) " · " (format!("{:?}", asked.version)) " · " (milliseconds(exchange.took())) " · " (time(asked.at)) }
                @if let Some(location) = &exchange.location { p.hint { "Location: " code { (shown.masking.address(location)) } } }
                @if let Some(control) = &exchange.cache_control { p.hint { "Cache-Control: " code { (control) } } }
            }
            td role="cell" data-label="Carried" {
                @if asked.carried.is_empty() && !asked.is_cut { p.hint { "No cookie" } }
                @if !asked.carried.is_empty() { ul { @for cookie in &asked.carried { (carried(cookie, shown)) } } }
                @if asked.is_cut { p.hint { "Further cookies were too long to be noted." } }
            }
            td role="cell" data-label="Set" {
                @if exchange.set.is_empty() && exchange.left_out == 0 { p.hint { "No cookie" } }
                @if !exchange.set.is_empty() {
                    ul {
                        @for (place, line) in exchange.set.iter().enumerate() {
                            @if let Some(judged) = row.judge.judge(row.place, place, row.now) { (set(row, place, line, &judged)) }
                        }
                    }
                }
                @if exchange.left_out > 0 { p.hint { (exchange.left_out) " further " code { "Set-Cookie" } " lines were too long to be noted." } }
            }
        }
    }
}

fn carried(cookie: &Carried, shown: &Shown) -> Markup {
    let equals = if cookie.name.is_empty() { "" } else { "=" };
    html! {
        li { code { (cookie.name) (equals) (shown.masking.value(&cookie.value)) } @if shown.masking.shows_values { " " span.hint { (cookie.bytes()) " bytes" } } }
    }
}

fn set(row: &Row, place: usize, line: &Line, judged: &Judged) -> Markup {
    let Told { kind, word, says, at } = told(judged.verdict, line.cookie.is_http_only());
    let id = format!("{}-{place}", row.exchange.number);
    html! {
        li class={ "set " (kind) } {
            code { "Set-Cookie: " (row.shown.masking.line(&line.text)) }
            p.verdict {
                strong { (word) } " " (says)
                @if let Some(at) = at { " " (link(row, at, &format!("at-{id}"))) }
            }
            @if let Some(at) = judged.shadowed {
                p { "Another cookie of this name comes before it, in " (link(row, at, &format!("by-{id}"))) ": it has a longer path, or is older. Most servers read the first alone. " (source(&SHADOW)) }
            }
            @if let Some(gone) = judged.gone { p { (no_more(row, gone, &id)) } }
            @for rule in &judged.rules { p { (rule.says) " " (source(rule)) } }
            @if let Some(remedy) = &judged.remedy {
                div.remedy {
                    p { "This line would work:" }
                    pre { code { "Set-Cookie: " (row.shown.masking.remedy(remedy)) } }
                    button type="button" id={ "copy-" (id) } data-copy hidden { "Copy" }
                    (as_code(&row.shown.masking.remedy(remedy), &format!("code-{id}")))
                }
            }
            @for says in &judged.engine { p.hint { (says) } }
            @for remark in &judged.remarks { p.hint { (remark.says) " " (source(remark)) } }
        }
    }
}

/// A line as code.
fn as_code(line: &str, id: &str) -> Markup {
    html! {
        details id=(id) {
            summary { "As code" }
            dl { @for (framework, code) in in_frameworks(line) { dt { (framework) } dd { pre { code { (code) } } } } }
        }
    }
}

const SHADOW: Broken = Broken {
    says: "",
    source: "RFC 6265bis §5.8.3, step 2",
    link: "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.8.3",
};

const ROOM: Broken = Broken {
    says: "",
    source: "RFC 6265bis §6.1",
    link: "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-6.1",
};

/// Why a cookie came no more.
fn no_more(row: &Row, gone: Gone, id: &str) -> Markup {
    let at = link(row, gone.number, &format!("gone-{id}"));
    if gone.is_for_room() {
        return html! {
            "It came no more in " (at) ", where " (gone.beside) " others came: browsers keep about 180 cookies of a site, and drop those "
            "that were used longest ago. Set fewer, or keep on the server what they hold. " (source(&ROOM))
        };
    }
    html! { "It came no more in " (at) ", and no line deleted it: a script did, Clear-Site-Data, or the visitor." }
}

fn source(rule: &Broken) -> Markup {
    html! { a href=(rule.link) target="_blank" rel="noreferrer" { (rule.source) } }
}

/// An exchange's number, as a link where it is on the page.
fn link(row: &Row, number: u64, id: &str) -> Markup {
    html! { @if row.numbers.contains(&number) { a id=(id) href={ "#e" (number) } { "#" (number) } } @else { "#" (number) } }
}

/// A verdict in words.
struct Told {
    /// The class by which it is coloured; its word says the same.
    kind: &'static str,
    word: &'static str,
    says: &'static str,
    /// The exchange that shows it.
    at: Option<u64>,
}

fn told(verdict: Verdict, is_http_only: bool) -> Told {
    let (kind, word, says, at) = match verdict {
        Verdict::Kept(at) => ("kept", "Kept.", "It came back with", Some(at)),
        Verdict::AsBefore(at) => (
            "open",
            "Not told apart.",
            "A cookie of this name and value came before this line, too, and it came again with",
            Some(at),
        ),
        Verdict::Refused(at) => ("lost", "Refused.", "It would have come back with", Some(at)),
        Verdict::Missing(at) => (
            "lost",
            "Did not come back.",
            "It breaks no rule that is known here: it was deleted since, the browser keeps no cookies here, or another window of the \
             same browser with cookies of its own sent",
            Some(at),
        ),
        Verdict::Changed(at) if is_http_only => (
            "open",
            "Came back with another value.",
            "No line here has set that: one before this record, or another port of this host. See",
            Some(at),
        ),
        Verdict::Changed(at) => (
            "open",
            "Came back with another value.",
            "No line here has set that: a script has, or another port of this host. See",
            Some(at),
        ),
        Verdict::Replaced(at) => {
            ("open", "Replaced.", "Before a request could show it a later line took its place, in", Some(at))
        }
        Verdict::Deleted(at) => ("kept", "Deleted.", "The cookie that was there did not come with", Some(at)),
        Verdict::NotDeleted(at) => (
            "lost",
            "Not deleted.",
            "A deletion is for one name, path and domain (RFC 6265bis §5.7, step 23), and a cookie of this name still came with",
            Some(at),
        ),
        Verdict::Expired => ("open", "Not known.", "Its time passed before a request would have carried it.", None),
        Verdict::Unknown => ("open", "Not known yet.", "No later request has come that would have carried it.", None),
    };
    Told { kind, word, says, at }
}

fn milliseconds(took: Duration) -> String {
    match took.as_millis() {
        0 => "under 1 ms".to_owned(),
        took => format!("{took} ms"),
    }
}

fn time(at: i64) -> Markup {
    let seconds = Duration::from_millis(at.max(0).unsigned_abs());
    let spelled = httpdate::fmt_http_date(UNIX_EPOCH + seconds);
    html! { (spelled.get(17..25).unwrap_or_default()) " UTC" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("", "")]
    #[case("cookies=only&name=a%26b&values=shown", "?cookies=only&name=a%26b&values=shown")]
    #[case("cookies=x&name=+&values=1&other=2", "")]
    fn a_filter_is_read_and_written(#[case] query: &str, #[case] written: &str) {
        assert_eq!(Shown::read(query).query(), written);
    }
}
