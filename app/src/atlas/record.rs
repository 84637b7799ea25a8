//! The visitor's own column: what their runs came to, kept in localStorage under one name. A browser that denies the area,
//! or has no room left in it, keeps none, and nothing else depends on it.

use super::{
    Atlas, Bar, Cell, Column, Conclusion, Figure, MadeBy, SCHEMA, Scheme,
    model::{FIGURES_LIMIT, WORDS_LIMIT},
};
use crate::{
    bench::survival::{
        Browser, BrowserName, Cell as MatrixCell, Column as MatrixColumn, Event, Run, Seen, Sight as Read, Trial,
    },
    browser::Area,
    experiments::{Kind, Sight, Trouble, Verdict},
    json,
};
use leptos::prelude::window;
use std::collections::BTreeMap;

/// Its name in localStorage.
const KEPT_AS: &str = "lab-atlas";

/// What is kept; nothing where it cannot be read.
pub(super) fn load() -> Option<Column> {
    json::read(&Area::Local.get(KEPT_AS)?).ok()
}

/// Forgets what is kept.
pub(super) fn forget() {
    let _ = Area::Local.delete(KEPT_AS);
}

/// A column as a file, which an operator can import.
pub(super) fn file(column: Column) -> String {
    serde_json::to_string_pretty(&Atlas { schema: SCHEMA, columns: vec![column] }).unwrap_or_default()
}

/// Keeps what a run of an experiment came to, with the figures among what was seen. Troubles that are no outcome are not kept.
pub(crate) fn note_experiment(
    slug: &str,
    outcome: &Result<Verdict, Trouble>,
    seen: impl IntoIterator<Item = (String, Sight)>,
) {
    let Some(conclusion) = conclusion(outcome, seen) else { return };
    change(|column| {
        column.experiments.insert(slug.to_owned(), conclusion);
    });
}

/// Keeps what came of an event. One that cleared this very area took the earlier ones with it, so all are kept again.
pub(crate) fn note_event(trial: &Trial, event: Event) {
    let again = matches!(event, Event::ClearStorage | Event::ClearAll);
    change(|column| {
        for run in trial.runs.iter().filter(|run| again || run.event == event) {
            column.matrix.insert(run.event, cells(trial, run));
        }
    });
}

fn conclusion(
    outcome: &Result<Verdict, Trouble>,
    seen: impl IntoIterator<Item = (String, Sight)>,
) -> Option<Conclusion> {
    let (outcome, answer, words) = match outcome {
        Ok(Verdict { kind, right, words }) => (*kind, u32::try_from(*right).ok(), words.as_str()),
        Err(Trouble::CannotBeTried(words)) => (Kind::CannotBeTried, None, words.as_ref()),
        Err(Trouble::Stopped | Trouble::Because(_)) => return None,
    };
    let bar = |(name, amount, words): (String, f64, String)| Bar { name: plain(&name), amount, words: plain(&words) };
    let figures = seen.into_iter().filter_map(|(title, sight)| match sight {
        Sight::Bars(bars) => {
            Some(Figure { title: plain(&title), bars: bars.into_iter().take(FIGURES_LIMIT).map(bar).collect() })
        }
        Sight::Text(_) | Sight::Table(..) => None,
    });
    Some(Conclusion { outcome, answer, words: plain(words), figures: figures.take(FIGURES_LIMIT).collect() })
}

fn cells(trial: &Trial, run: &Run) -> BTreeMap<MatrixColumn, Cell> {
    let cell = |cell: &MatrixCell| {
        let outcome = trial.outcome(run.event, cell.laid.column);
        (cell.laid.column, Cell { outcome, before: in_words(cell.laid.before), after: in_words(cell.after) })
    };
    run.cells.iter().map(cell).collect()
}

/// What both parties saw: `scripts: the marker; server: nothing`.
fn in_words(sight: Read) -> String {
    let words = |seen| match seen {
        Seen::Same => "the marker",
        Seen::Other => "something else",
        Seen::Absent => "nothing",
        Seen::Denied => "denied by the browser",
        Seen::Unsupported => "not there in this browser",
        Seen::Failed => "could not read it",
        Seen::NoAnswer => "no answer",
    };
    let scripts = sight.script.map(|seen| format!("scripts: {}", words(seen)));
    let server = sight.server.map(|seen| format!("server: {}", words(seen)));
    scripts.into_iter().chain(server).collect::<Vec<_>>().join("; ")
}

/// In one line, and no longer than an operator may import.
fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(WORDS_LIMIT).collect()
}

/// Changes what is kept. What another browser, another version of it or another lab came to is left behind.
fn change(change: impl FnOnce(&mut Column)) {
    let Some(here) = here() else { return };
    let mut column = match load() {
        Some(kept) if kept.is_of(&here) => Column { measured: here.measured, ..kept },
        _ => here,
    };
    change(&mut column);
    if let Ok(text) = serde_json::to_string(&column) {
        let _ = Area::Local.set(KEPT_AS, &text);
    }
}

/// An empty column of this browser.
fn here() -> Option<Column> {
    let window = window();
    let agent = window.navigator().user_agent().unwrap_or_default();
    let scheme = match window.location().protocol().ok()?.as_str() {
        "https:" => Scheme::Https,
        _ => Scheme::Http,
    };
    let measured = String::from(js_sys::Date::new_0().to_iso_string()).get(..10)?.to_owned();
    Some(of_agent(&agent, scheme, measured))
}

/// An empty column of the browser that introduces itself so.
fn of_agent(agent: &str, scheme: Scheme, measured: String) -> Column {
    let Browser { name, version } = Browser::of(agent);
    let system = system(agent);
    // All browsers on iOS are WebKit, whatever they are called.
    let engine = match name {
        BrowserName::Firefox => "Gecko",
        _ if agent.contains("Chrome/") => "Blink",
        _ if agent.contains("AppleWebKit/") => "WebKit",
        _ => "unknown",
    };
    let browser = match name {
        BrowserName::Chrome => "Chrome",
        BrowserName::Edge => "Edge",
        BrowserName::Opera => "Opera",
        BrowserName::Firefox => "Firefox",
        BrowserName::Safari if matches!(system, "macOS" | "iOS") => "Safari",
        BrowserName::Safari => "WebKit browser",
        BrowserName::Other => "Another browser",
    };
    Column {
        browser: browser.to_owned(),
        version: if version == 0 { String::new() } else { version.to_string() },
        engine: engine.to_owned(),
        system: system.to_owned(),
        scheme,
        measured,
        made_by: MadeBy::Visitor,
        lab: env!("CARGO_PKG_VERSION").to_owned(),
        experiments: BTreeMap::new(),
        matrix: BTreeMap::new(),
    }
}

/// The first that is named: Android names Linux too, and iOS Mac OS X.
fn system(agent: &str) -> &'static str {
    const KNOWN: [(&str, &str); 8] = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
        ("BSD", "BSD"),
    ];
    KNOWN.iter().find(|(word, _)| agent.contains(word)).map_or("another system", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        atlas,
        bench::survival::{Laid, Marker},
    };

    fn named(agent: &str) -> (String, String, String, String) {
        let Column { browser, version, engine, system, .. } = of_agent(agent, Scheme::Http, "2026-11-28".into());
        (browser, version, engine, system)
    }

    #[test]
    fn a_browser_is_filed_under_its_engine_and_system() {
        let webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (agent, filed) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140 Gecko Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/155.0",
                "Edge 155 Blink Windows",
            ),
            (&format!("Mozilla/5.0 (Macintosh) {webkit} Version/26.2 Safari/605.1.15"), "Safari 26 WebKit macOS"),
            (
                &format!("Mozilla/5.0 (X11; Linux x86_64) {webkit} Version/26.0 Safari/605.1.15"),
                "WebKit browser 26 WebKit Linux",
            ),
            (
                &format!("Mozilla/5.0 (iPhone; like Mac OS X) {webkit} CriOS/150.0 Mobile"),
                "Another browser  WebKit iOS",
            ),
            ("curl/8", "Another browser  unknown another system"),
        ] {
            let (browser, version, engine, system) = named(agent);
            assert_eq!(format!("{browser} {version} {engine} {system}"), filed);
        }
    }

    #[test]
    fn a_run_is_kept_with_its_figures_and_nothing_else_that_was_seen() {
        let bars = Sight::Bars(vec![("a cookie\n".into(), 4_096.0, "4,096 bytes".into())]);
        let seen = [("Sent".to_owned(), Sight::Text("a secret".into())), ("Sizes".to_owned(), bars)];
        let kept = conclusion(&Ok(Verdict::holds_with_a_catch(2, "It\nholds.")), seen).unwrap();
        let bar = Bar { name: "a cookie ".into(), amount: 4_096.0, words: "4,096 bytes".into() };
        let figures = vec![Figure { title: "Sizes".into(), bars: vec![bar] }];
        let words = "It holds.".to_owned();
        assert_eq!(kept, Conclusion { outcome: Kind::HoldsWithACatch, answer: Some(2), words, figures });
    }

    #[test]
    fn what_cannot_be_tried_is_an_outcome_and_other_troubles_are_none() {
        let kept = conclusion(&Err(Trouble::cannot_be_tried("No pop-ups.")), []).unwrap();
        assert_eq!((kept.outcome, kept.answer, kept.words.as_str()), (Kind::CannotBeTried, None, "No pop-ups."));
        assert_eq!(conclusion(&Err(Trouble::Stopped), []), None);
        assert_eq!(conclusion(&Err(Trouble::because("It broke.")), []), None);
    }

    #[test]
    fn an_exported_column_is_one_that_can_be_imported() {
        let before = Read { script: Some(Seen::Same), server: Some(Seen::Same) };
        let after = Read { script: Some(Seen::Absent), server: None };
        let laid = Laid { column: MatrixColumn::SessionStorage, marker: Marker::new([1; 8]), before };
        let run =
            Run { event: Event::CloseTab, begun: 1, ended: 2, arrival: None, cells: vec![MatrixCell { laid, after }] };
        let mut trial = Trial::new(Browser::of("Firefox/140.0"));
        trial.record(run);
        let mut column = of_agent("Mozilla/5.0 (X11; Linux) Firefox/140.0", Scheme::Https, "2026-11-28".into());
        column.matrix.insert(Event::CloseTab, cells(&trial, &trial.runs[0]));
        let seen = (0..40).map(|_| ("x".repeat(9_000), Sight::Bars(vec![("x".repeat(9_000), 1.0, "\t".into())])));
        let conclusion = conclusion(&Ok(Verdict::holds(0, "x".repeat(9_000))), seen.take(2)).unwrap();
        column.experiments.insert("http-forgets".into(), conclusion);
        assert_eq!(atlas::read(&file(column.clone())), Ok(vec![column.clone()]));
        let cell = &column.matrix[&Event::CloseTab][&MatrixColumn::SessionStorage];
        assert_eq!(
            (cell.before.as_str(), cell.after.as_str()),
            ("scripts: the marker; server: the marker", "scripts: nothing")
        );
    }
}
