//! The panel "Measure my limits".

use super::{
    measure::{MEASUREMENTS, measure},
    model::{KEPT_AS, Limits, Measuring, Progress},
};
use crate::{
    bench::state::Bench,
    browser::{COOKIE_LIMIT_BYTES, Store, WEB_STORAGE_LIMIT_UNITS, probe::ALPHABETS},
    reactive::State,
    ui::{flag, handler, text},
    words::{thousands, utc},
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageEstimate;

/// Most bytes of an attribute's value (RFC 6265bis §5.6).
const ATTRIBUTE_LIMIT_BYTES: u32 = 1_024;

/// The panel.
pub(in crate::bench) fn panel(bench: Bench, measuring: Measuring) -> AnyView {
    let progress = measuring.progress;
    let on = move || progress.read().is_some();
    let start = move |_| spawn_local(measure(bench, measuring));
    let forget = move |_| {
        let entries = bench.entries(Store::LocalStorage).get_untracked();
        let kept = entries.iter().filter(|entry| entry.name == KEPT_AS);
        let kept = kept.map(|entry| (Store::LocalStorage, entry.clone())).collect();
        measuring.unkept.set(None);
        spawn_local(bench.delete(format!("Deleted {KEPT_AS} from {}.", Store::LocalStorage.title()), kept));
    };
    let words = text(move || match &*progress.read() {
        None => String::new(),
        Some(Progress { what, fits, done }) => {
            format!("{} of {MEASUREMENTS}: {what}; {} fit so far.", done + 1, thousands((*fits).into()))
        }
    });
    view! {
        <h2>"Measure my limits"</h2>
        <p>
            "How much fits is found out here, in this browser: more and more is written until the browser refuses, then the
            last gap is halved until the limit is known to the unit. What you keep here stays and is counted in; what is
            written for it is called " <code>"lab-limit-probe…"</code> " and is taken away again."
        </p>
        <p class="hint">
            "Web storage is synchronous: one write of 5 MB holds up the page until it is done. So this writes small pieces
            and lets the page work in between. While an area is full for a moment, what you put there may be refused."
        </p>
        <div class="buttons">
            <button type="button" class="primary" hidden=flag(on) on:click=handler(start)>
                {text(move || if measuring.limits.read().is_some() { "Measure again" } else { "Measure" }.to_owned())}
            </button>
            <button type="button" hidden=flag(move || !on()) on:click=handler(move |_| measuring.cancelled.set(true))>
                "Cancel"
            </button>
            <button type="button" class="quiet" hidden=flag(move || on() || measuring.limits.read().is_none()) on:click=handler(forget)>
                "Forget the measurement"
            </button>
        </div>
        <div class="measuring" hidden=flag(move || !on())>
            <progress
                id="measuring"
                max=MEASUREMENTS
                value=text(move || progress.read().as_ref().map_or(0, |progress| progress.done).to_string())
                aria-label="Measuring"
                aria-describedby="measuring-words"
            ></progress>
            <p id="measuring-words">{words}</p>
        </div>
        {move || measuring.limits.get().map(|limits| results(&limits))}
        <h3>"What the browser says of itself"</h3>
        {estimate()}
        <h3>"Not measured here"</h3>
        <p class="hint">
            "How many cookies there may be: finding that out would push out the oldest ones, yours among them. Chromium keeps
            180 for a site; at the 181st it drops the 31 oldest."
        </p>
    }
    .into_any()
}

fn results(limits: &Limits) -> AnyView {
    let measured = |limit: Option<u32>, unit: &str| match limit {
        Some(limit) => format!("{} {unit}", thousands(limit.into())),
        None => "not found out".to_owned(),
    };
    let row = |what: String, limit: Option<u32>, textbook: u32, unit: &str| {
        let differs = limit.is_some_and(|limit| limit != textbook);
        view! {
            <tr>
                <th scope="row">{what}</th>
                <td class="number">{measured(limit, unit)}</td>
                <td class="number">{format!("{} {unit}", thousands(textbook.into()))}</td>
                <td>{if differs { "differs" } else { "" }}</td>
            </tr>
        }
        .into_any()
    };
    let cookies = ["ASCII letters", "letters of two bytes"]
        .into_iter()
        .zip(limits.cookie)
        .map(|(letters, limit)| row(format!("Cookie, name and value, {letters}"), limit, COOKIE_LIMIT_BYTES, "bytes"));
    let attribute = row("Cookie, an attribute's value".to_owned(), limits.attribute, ATTRIBUTE_LIMIT_BYTES, "bytes");
    let area = |store: Store, measured: [Option<u32>; 3]| {
        ALPHABETS.into_iter().zip(measured).map(move |(letter, limit)| {
            row(format!("{}, filled with {letter}", store.title()), limit, WEB_STORAGE_LIMIT_UNITS, "UTF-16 units")
        })
    };
    let quota = match limits.separate {
        Some(true) => "sessionStorage and localStorage have a limit each: one had room while the other was full.",
        Some(false) => "sessionStorage and localStorage share one limit: with the one full the other had no room.",
        None => "Whether sessionStorage and localStorage share one limit was not found out.",
    };
    let when = format!("Measured in {} on {}.", limits.browser, utc(limits.at));
    view! {
        <div class="limits">
            <table>
                <caption>{when}</caption>
                <thead>
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col" class="number">
                            "Fits here"
                        </th>
                        <th scope="col" class="number">
                            "Textbook"
                        </th>
                        <th scope="col">"Difference"</th>
                    </tr>
                </thead>
                <tbody>
                    {cookies.collect_view()} {attribute} {area(Store::SessionStorage, limits.session).collect_view()}
                    {area(Store::LocalStorage, limits.local).collect_view()}
                </tbody>
            </table>
        </div>
        <p>{quota}</p>
    }
    .into_any()
}

/// What `navigator.storage` tells: an estimate, for the stores with a quota in common.
fn estimate() -> AnyView {
    let told = State::new("Asking the browser…".to_owned());
    spawn_local(async move {
        let words = ask().await.unwrap_or_else(|| "This browser does not tell (navigator.storage).".to_owned());
        let _ = told.try_set(words);
    });
    view! {
        <p>{told.text()}</p>
        <p class="hint">
            "navigator.storage.estimate() speaks of IndexedDB, Cache Storage, OPFS and service workers together, and
            estimates on purpose, so that it tells no secrets. Web storage and cookies are not in it. persisted() tells
            whether the browser has promised not to clear them when space runs out."
        </p>
    }
    .into_any()
}

async fn ask() -> Option<String> {
    let storage = window().navigator().storage();
    let estimate: StorageEstimate = JsFuture::from(storage.estimate().ok()?).await.ok()?.into();
    let persisted = JsFuture::from(storage.persisted().ok()?).await.ok()?.is_truthy();
    let bytes = |number: Option<f64>| number.map_or("an unknown number of".to_owned(), |n| thousands(n as u64));
    Some(format!(
        "{} of {} bytes used, it estimates; {}.",
        bytes(estimate.get_usage()),
        bytes(estimate.get_quota()),
        if persisted {
            "kept even when space runs out (persisted)"
        } else {
            "not persisted: it may be cleared when space runs out"
        },
    ))
}
