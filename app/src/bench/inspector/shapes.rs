//! A value taken apart, drawn: text page by page, JSON as a tree that unfolds, what a token tells.

use super::{
    json::{Json, Kind},
    report::{Fact, Report},
    value::{Reading, Shape, readings},
};
use crate::{
    bench::{
        moment::{Moment, told},
        state::Bench,
    },
    reactive::State,
    text::{Within, marked, units::usv},
    ui::{changing, flag, handler, lines, text},
    words::thousands,
};
use js_sys::Date;
use leptos::{ev::Event, prelude::*};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlDetailsElement;

/// Characters that are shown at once: a browser lays out millions of them for seconds.
const PAGE: usize = 10_000;
/// Members of one list or object that are shown at once.
const MEMBERS: usize = 200;
/// Bytes that are shown.
const BYTES: usize = 32;
/// A longer value, or text within one, is taken apart on request only.
pub(super) const TAKEN_APART_AT_ONCE: usize = 200_000;

/// One way to read a value.
pub(super) fn shape(reading: &Reading, bench: Bench) -> AnyView {
    let through = reading.through.join(", ");
    let inside = match &reading.shape {
        Shape::Text(text) => pages(text.as_str().into(), false),
        Shape::Json(json) => document(json, bench),
        Shape::Moments(moments) => of_time(moments, bench),
        Shape::Report(report) => told_of(report, bench),
    };
    view! {
        {(!through.is_empty()).then(|| view! { <p class="hint">{format!("Taken off first: {through}.")}</p> })}
        {inside}
    }
    .into_any()
}

/// Text, the beginning first and more on request; with its escapes marked, or as the browser draws it.
pub(super) fn pages(whole: Arc<str>, plain: bool) -> AnyView {
    let shown = State::new(end_of_page(&whole, 0));
    let all = whole.len();
    let next = {
        let whole = whole.clone();
        move |_| shown.update(|shown| *shown = end_of_page(&whole, *shown))
    };
    let beginning = move || {
        let beginning = whole.get(..shown.get()).unwrap_or_default();
        match plain {
            true => usv(beginning).into_owned().into_any(),
            false => lines(beginning),
        }
    };
    view! {
        <pre class="shape-text" tabindex="0" aria-label="Value">{beginning}</pre>
        <p class="buttons" hidden=flag(move || shown.get() == all)>
            <span class="hint">
                {text(move || format!("{} of {} bytes are shown.", thousands(shown.get() as u64), thousands(all as u64)))}
            </span>
            <button type="button" on:click=handler(next)>
                "Show more"
            </button>
        </p>
    }
    .into_any()
}

fn end_of_page(text: &str, from: usize) -> usize {
    text[from..].char_indices().nth(PAGE).map_or(text.len(), |(at, _)| from + at)
}

/// Something that is made when it is unfolded: what is folded is not in the document.
fn folded(summary: AnyView, open: bool, inside: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let unfolded = State::new(open);
    let toggled = move |event: Event| {
        if let Some(details) = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok()) {
            unfolded.set(details.open());
        }
    };
    view! {
        <details open=open on:toggle=handler(toggled)>
            <summary>{summary}</summary>
            {changing(move || unfolded.get().then(&inside))}
        </details>
    }
    .into_any()
}

/// A JSON text as a tree, and before it the names that a reader into a map would lose.
fn document(json: &Json, bench: Bench) -> AnyView {
    let (mut twice, searched) = json.twice();
    if !searched {
        twice.push("It is too large or too deep to search all of it for names that stand twice".into());
    } else if !twice.is_empty() {
        twice.push("Most readers keep the last alone".into());
    }
    view! {
        {(!twice.is_empty()).then(|| view! { <p class="note">{format!("{}.", twice.join(". "))}</p> })}
        {tree("value".into(), json, true, bench)}
    }
    .into_any()
}

fn tree(name: String, json: &Json, open: bool, bench: Bench) -> AnyView {
    let brackets = match json.kind() {
        Kind::List => "[ ]",
        Kind::Object => "{ }",
        _ => return leaf(name, json, bench),
    };
    let members = Arc::new(json.members());
    let count = thousands(members.len() as u64);
    let summary =
        view! { <code inner_html=marked(&name, Within::Name)></code> {format!(" {brackets} {count}")} }.into_any();
    folded(summary, open, move || page_of(members.clone(), 0, bench))
}

/// Members from one of them on.
fn page_of(members: Arc<Vec<(String, Json)>>, from: usize, bench: Bench) -> AnyView {
    let rows = members.iter().skip(from).take(MEMBERS).map(|(name, member)| {
        let member = tree(name.clone(), member, false, bench);
        view! { <li>{member}</li> }
    });
    let rows = rows.collect_view();
    let next = from + MEMBERS;
    let left = members.len().saturating_sub(next);
    let asked = State::new(false);
    let more = move || match (left, asked.get()) {
        (0, _) => None,
        (_, true) => Some(page_of(members.clone(), next, bench)),
        (left, false) => Some(
            view! {
                <button type="button" on:click=handler(move |_| asked.set(true))>
                    {format!("Show more of the {} that are left", thousands(left as u64))}
                </button>
            }
            .into_any(),
        ),
    };
    view! {
        <ul>{rows}</ul>
        {changing(more)}
    }
    .into_any()
}

fn leaf(name: String, json: &Json, bench: Bench) -> AnyView {
    let shown = beginning(&json.shown());
    let inside = match json.kind() {
        Kind::Text => within(json.text().unwrap_or_default(), bench),
        Kind::Number => within(json.source().to_owned(), bench),
        _ => ().into_any(),
    };
    view! {
        <code inner_html=marked(&name, Within::Name)></code>
        ": "
        {shown}
        {inside}
    }
    .into_any()
}

/// As much of a text as is laid out at once, and how much it is in all.
fn beginning(text: &str) -> AnyView {
    let end = end_of_page(text, 0);
    let cut = (end < text.len()).then(|| format!(" … {} bytes in all", thousands(text.len() as u64)));
    view! {
        <code class="leaf" inner_html=marked(&text[..end], Within::Line)></code>
        {cut}
    }
    .into_any()
}

/// What a text within a value holds in turn, folded.
fn within(text: String, bench: Bench) -> AnyView {
    if text.len() > TAKEN_APART_AT_ONCE {
        let summary = view! { "take it apart" }.into_any();
        return folded(summary, false, move || {
            let inside = readings(&text).into_iter().map(|reading| fold_of(reading, bench)).collect_view();
            view! { {inside} }.into_any()
        });
    }
    // A tree of what is a leaf already would say nothing more.
    let says_more = |reading: &Reading| match &reading.shape {
        Shape::Json(json) => matches!(json.kind(), Kind::Object | Kind::List),
        _ => true,
    };
    readings(&text).into_iter().filter(says_more).map(|reading| fold_of(reading, bench)).collect_view().into_any()
}

fn fold_of(reading: Reading, bench: Bench) -> AnyView {
    let summary = view! { {format!("inside: {}", reading.title)} }.into_any();
    folded(summary, false, move || shape(&reading, bench))
}

/// Points in time, each by how it is written.
fn of_time(moments: &[Moment], bench: Bench) -> AnyView {
    let told = moments.iter().cloned().map(|moment| {
        let form = moment.form;
        view! { <p>{format!("As {form}: ")} {text(move || in_words(&moment, bench.now()))}</p> }
    });
    told.collect_view().into_any()
}

/// A point in time and its distance. Where no zone is given none is assumed.
fn in_words(moment: &Moment, now: i64) -> String {
    if moment.has_zone {
        return moment.told(now);
    }
    let local = told(local_second(moment.second), &moment.fraction, now);
    format!("no zone is given. By UTC it would be {}; by this browser’s clock, {local}", moment.told(now))
}

/// The second at which this browser's clock shows what UTC's shows at another.
fn local_second(second: i64) -> i64 {
    let shown = Date::new(&JsValue::from_f64(second as f64 * 1_000.0));
    let local = Date::new_with_year_month_day_hr_min_sec(
        shown.get_utc_full_year(),
        shown.get_utc_month() as i32,
        shown.get_utc_date() as i32,
        shown.get_utc_hours() as i32,
        shown.get_utc_minutes() as i32,
        shown.get_utc_seconds() as i32,
    );
    let milliseconds = local.get_time();
    if milliseconds.is_finite() { (milliseconds / 1_000.0) as i64 } else { second }
}

/// What a value consists of, and what it tells of itself.
fn told_of(report: &Report, bench: Bench) -> AnyView {
    let notes = report.notes.iter().map(|note| view! { <p class="hint">{note.clone()}</p> });
    let trees = report.trees.iter().map(|(name, json)| tree((*name).to_owned(), json, true, bench));
    let parts = report.parts.iter().map(|(name, text)| {
        let shown = beginning(text);
        view! {
            <li>
                <code inner_html=marked(name, Within::Name)></code>
                ": "
                {shown}
                {within(text.clone(), bench)}
            </li>
        }
    });
    let facts = report.facts.iter().map(|(title, fact)| {
        let fact = match fact.clone() {
            Fact::Words(words) => words.into_any(),
            Fact::Moment(moment, note) => {
                view! { {text(move || format!("{}. {note}", in_words(&moment, bench.now())).trim_end().to_owned())} }
                    .into_any()
            }
            Fact::Bytes(bytes) => of_bytes(&bytes),
        };
        view! { <dt>{*title}</dt> <dd>{fact}</dd> }
    });
    view! {
        {notes.collect_view()}
        {trees.collect_view()}
        {(!report.parts.is_empty()).then(|| view! { <ul>{parts.collect_view()}</ul> })}
        {(!report.facts.is_empty()).then(|| view! { <dl class="facts">{facts.collect_view()}</dl> })}
    }
    .into_any()
}

fn of_bytes(bytes: &[u8]) -> AnyView {
    let hex: Vec<_> = bytes.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect();
    let more = if bytes.len() > BYTES { " …" } else { "" };
    view! { {format!("{} bytes: ", thousands(bytes.len() as u64))} <code>{hex.join(" ")} {more}</code> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_between_characters() {
        assert_eq!(end_of_page("short", 0), 5);
        let long = "漢".repeat(PAGE + 1);
        assert_eq!(end_of_page(&long, 0), 3 * PAGE);
        assert_eq!(end_of_page(&long, 3 * PAGE), 3 * (PAGE + 1));
    }
}
