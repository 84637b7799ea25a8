//! The journal as a person reads it.

use super::{
    Change, Journal,
    export::{as_csv, as_json},
};
use crate::{
    bench::{grid::shape, pointing::show_button, state::Bench},
    browser::{Who, source},
    reactive::{Derived, State},
    text::{escaped, label},
    ui::{code, download, flag, handler, name as shown_name, text},
    words::thousands,
};
use js_sys::Date;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// How many changes are drawn at first, and how many more each time they are asked for.
const DRAWN: usize = 100;
/// Characters of a value that a row shows.
const SHOWN: usize = 60;

/// What of the journal is shown.
#[derive(Clone, Copy)]
struct Filter {
    typed: State<String>,
    store: State<String>,
    who: State<String>,
}

impl Filter {
    /// The changes that pass, the newest first.
    fn of(self, journal: Journal) -> Vec<Change> {
        let typed = self.typed.read().to_lowercase();
        let (store, who) = (self.store.get(), self.who.get());
        let has = |text: &str| {
            text.to_lowercase().contains(&typed)
                || typed.contains('\\') && escaped(text).to_lowercase().contains(&typed)
        };
        let holds = |value: &Option<Arc<str>>| value.as_deref().is_some_and(has);
        let passes = |change: &&Change| {
            (store.is_empty() || change.store.slug() == store)
                && (who.is_empty() || source::maker(change.who) == who)
                && (typed.is_empty() || has(&change.name) || holds(&change.before) || holds(&change.after))
        };
        journal.changes.read().iter().rev().filter(passes).cloned().collect()
    }
}

/// The panel.
pub(in crate::bench) fn panel(bench: Bench) -> AnyView {
    let journal = bench.journal;
    let filter =
        Filter { typed: State::new(String::new()), store: State::new(String::new()), who: State::new(String::new()) };
    let drawn = State::new(DRAWN);
    let found = Derived::new(move || filter.of(journal));
    let counted = text(move || {
        let (found, all) = (found.read().len(), journal.changes.read().len());
        match (found, all) {
            (_, 0) => "Nothing has changed yet. Put a value somewhere, here or in another tab.".to_owned(),
            (0, all) => format!("None of the {} changes passes the filter.", thousands(all as u64)),
            (1, 1) => "One change, since this page was opened.".to_owned(),
            (found, all) if found == all => {
                format!("{} changes, the newest first.", thousands(all as u64))
            }
            (found, all) => {
                format!("{} of {} changes, the newest first.", thousands(found as u64), thousands(all as u64))
            }
        }
    });
    let rows = move || found.read().iter().take(drawn.get()).map(|change| row(bench, change)).collect_view();
    let more = move || found.read().len().saturating_sub(drawn.get());
    view! {
        <h2>"Journal"</h2>
        <p class="hint">"What changed while this page was open, and who changed it."</p>
        {controls(bench, filter, found)}
        <p class="hint" id="journal-count">
            {counted}
        </p>
        <div class="journal" hidden=flag(move || found.read().is_empty())>
            <table aria-describedby="journal-count">
                <thead>
                    <tr>
                        <th scope="col">"Time"</th>
                        <th scope="col">"Store"</th>
                        <th scope="col">"Entry"</th>
                        <th scope="col">"From → to"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"Row"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <button
            type="button"
            hidden=flag(move || more() == 0)
            on:click=handler(move |_| drawn.update(|drawn| *drawn += DRAWN))
        >
            {text(move || format!("Show {} more", more().min(DRAWN)))}
        </button>
    }
    .into_any()
}

fn controls(bench: Bench, filter: Filter, found: Derived<Vec<Change>>) -> AnyView {
    let journal = bench.journal;
    let stores = move || {
        let columns = bench.columns.get();
        columns.into_iter().map(|store| view! { <option value=store.slug()>{store.title()}</option> }).collect_view()
    };
    let makers = Who::ALL.map(|who| view! { <option value=source::maker(who)>{source::maker(who)}</option> });
    let paused = move || journal.paused.get();
    let pause = move |_| if journal.paused.get_untracked() { journal.resume() } else { journal.paused.set(true) };
    let meanwhile = text(move || match (journal.paused.get(), journal.held.read().len()) {
        (false, _) => String::new(),
        (true, 0) => "Paused; nothing has changed meanwhile.".to_owned(),
        (true, 1) => "Paused; one change meanwhile. Resume to see it.".to_owned(),
        (true, held) => format!("Paused; {} changes meanwhile. Resume to see them.", thousands(held as u64)),
    });
    let save = move |name: &str, kind: &str, of: fn(&[Change]) -> String| {
        let mut changes = found.get_untracked();
        changes.reverse();
        if download(name, kind, &of(&changes)).is_err() {
            bench.status.set("The browser did not take the file.".to_owned());
        }
    };
    let nothing = flag(move || found.read().is_empty());
    view! {
        <div class="journal-controls">
            <div class="field">
                <label for="journal-filter">"Name or value holds"</label>
                <input
                    id="journal-filter"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=filter.typed.text()
                    on:input=filter.typed.typed()
                />
            </div>
            <div class="field">
                <label for="journal-store">"Store"</label>
                <select id="journal-store" prop:value=filter.store.text() on:change=filter.store.typed()>
                    <option value="">"all"</option>
                    {stores}
                </select>
            </div>
            <div class="field">
                <label for="journal-who">"Who"</label>
                <select id="journal-who" prop:value=filter.who.text() on:change=filter.who.typed()>
                    <option value="">"anybody"</option>
                    {makers}
                </select>
            </div>
            <div class="buttons">
                <button type="button" on:click=handler(pause)>
                    {text(move || if paused() { "Resume" } else { "Pause" }.to_owned())}
                </button>
                <button type="button" disabled=nothing on:click=handler(move |_| save("lab-journal.json", "application/json", as_json))>
                    "Export as JSON"
                </button>
                <button type="button" disabled=nothing on:click=handler(move |_| save("lab-journal.csv", "text/csv", as_csv))>
                    "Export as CSV"
                </button>
                <button type="button" class="quiet" on:click=handler(move |_| journal.clear())>
                    "Clear the journal"
                </button>
            </div>
        </div>
        <p class="hint" hidden=flag(move || !paused())>
            {meanwhile}
        </p>
    }
    .into_any()
}

fn row(bench: Bench, change: &Change) -> AnyView {
    let Change { at, store, name, was, is, who, .. } = change;
    let date = Date::new(&JsValue::from_f64(*at));
    let time = format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds());
    view! {
        <tr>
            <td>
                <time datetime=String::from(date.to_iso_string()) title=String::from(date.to_string())>
                    {time}
                </time>
            </td>
            <td class=format!("of c-{}", store.slug())>{shape(*store)} {store.title()}</td>
            <th scope="row" aria-label=label(name).into_owned()>
                {shown_name(name)}
            </th>
            <td class="value">
                {(*was).then(|| value(&change.before))} {match (was, is) {
                    (false, _) => "new: ",
                    (true, true) => " → ",
                    (true, false) => " → deleted",
                }} {(*is).then(|| value(&change.after))}
            </td>
            <td>{source::maker(*who)}</td>
            <td>{show_button(bench, *store, name)}</td>
        </tr>
    }
    .into_any()
}

/// The beginning of a value; masked where scripts cannot read it.
fn value(value: &Option<Arc<str>>) -> AnyView {
    let shown = match value.as_deref() {
        None => "••••••••".to_owned(),
        Some("") => "(empty)".to_owned(),
        Some(value) => match value.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &value[..end]),
            None => value.to_owned(),
        },
    };
    code(&shown)
}
