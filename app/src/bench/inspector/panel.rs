//! The inspector's panel.

use super::{
    copy::Kind,
    lanes::{Lanes, lanes},
    shapes::{pages, token, tree},
    value::{Forms, forms, told},
};
use crate::{
    bench::{grid::ends, state::Bench},
    browser::{CookieFlags, Entry, SameSite, Store, bytes, units},
    ui::{flag, focus, handler, text, thousands},
};
use leptos::{ev::Event, prelude::*, task::spawn_local};
use std::sync::Arc;
use wasm_bindgen_futures::JsFuture;

/// A longer value is taken apart on request only.
const TAKEN_APART_AT_ONCE: usize = 200_000;

/// The entry that is inspected, as it is now.
pub(in crate::bench) fn panel(bench: Bench) -> AnyView {
    let inspected = Memo::new(move |_| {
        let (store, key) = bench.inspected.get()?;
        let entries = bench.entries(store).get();
        entries.iter().find(|entry| entry.key() == key).map(|entry| (store, entry.clone()))
    });
    view! {
        {move || match inspected.get() {
            Some((store, entry)) => whole(bench, store, entry),
            None => view! { <p role="status">"It is not there any more."</p> }.into_any(),
        }}
    }
    .into_any()
}

fn whole(bench: Bench, store: Store, entry: Entry) -> AnyView {
    let lanes = bench.observed.with_untracked(|seen| lanes(store, &entry, seen));
    let value = match entry.value.clone() {
        Some(value) => value_of(bench, value),
        None => {
            view! { <p>"Its value is out of the reach of scripts, and the server does not tell it: it could not tell an HttpOnly one from another."</p> }
                .into_any()
        }
    };
    view! {
        {lanes_of(lanes)}
        <h3>"Value"</h3>
        {value}
        <h3>"Facts"</h3>
        {facts(bench, store, &entry)}
        <h3>"Copy"</h3>
        {copies(store, entry)}
    }
    .into_any()
}

fn lanes_of(Lanes { scripts, travelled, server, difference }: Lanes) -> AnyView {
    view! {
        <dl class="facts lanes">
            <dt>"What scripts see"</dt>
            <dd>{scripts}</dd>
            <dt>"What travelled with the last request"</dt>
            <dd>{travelled}</dd>
            <dt>"What the server holds"</dt>
            <dd>{server}</dd>
            <dt>"The difference"</dt>
            <dd>{difference}</dd>
        </dl>
    }
    .into_any()
}

fn facts(bench: Bench, store: Store, entry: &Entry) -> AnyView {
    let size =
        |text: &str| format!("{} bytes, {} UTF-16 units", thousands(bytes(text).into()), thousands(units(text).into()));
    let value_size = match &entry.value {
        Some(value) => size(value),
        None => format!("{} bytes", thousands(entry.bytes.saturating_sub(bytes(&entry.name)).into())),
    };
    let expires = entry.expires;
    let attribute = |(name, what): (&'static str, String)| view! { <dt>{name}</dt> <dd>{what}</dd> };
    view! {
        <dl class="facts">
            <dt>"Name"</dt>
            <dd>{size(&entry.name)}</dd>
            <dt>"Value"</dt>
            <dd>{value_size}</dd>
            <dt>"Ends"</dt>
            <dd>{text(move || ends(expires, bench))}</dd>
            {(store == Store::Cookies).then(|| attributes(entry).map(attribute))}
        </dl>
    }
    .into_any()
}

/// A cookie's attributes in words, as far as they are known.
fn attributes(entry: &Entry) -> [(&'static str, String); 6] {
    let CookieFlags { domain, secure, http_only, same_site, partitioned } = &entry.flags;
    let unknown = || "not told to scripts".to_owned();
    let is = |known: &Option<bool>| known.map_or_else(unknown, |is| if is { "yes" } else { "no" }.to_owned());
    let same_site = same_site.map(|same_site| match same_site {
        SameSite::Unspecified => "not given",
        SameSite::Lax => "Lax",
        SameSite::Strict => "Strict",
        SameSite::None => "None",
    });
    [
        ("Path", entry.path.clone().unwrap_or_else(unknown)),
        ("Domain", domain.clone().unwrap_or_else(|| "none told: this host alone, if none was given".to_owned())),
        ("Secure", is(secure)),
        ("HttpOnly", is(http_only)),
        ("SameSite", same_site.map_or_else(unknown, str::to_owned)),
        ("Partitioned", is(partitioned)),
    ]
}

/// The value in the forms that it can be read in.
fn value_of(bench: Bench, value: Arc<str>) -> AnyView {
    let read = RwSignal::new(None::<Arc<Forms>>);
    let chosen = RwSignal::new("raw".to_owned());
    let take_apart = {
        let value = value.clone();
        move || read.set(Some(Arc::new(forms(&value))))
    };
    if value.len() <= TAKEN_APART_AT_ONCE {
        take_apart();
    }
    let option = |form: &'static str, title: &'static str| view! { <option value=form>{title}</option> }.into_any();
    let options = move || {
        read.get().map(|forms| {
            [
                forms.decoded.is_some().then(|| option("decoded", "URL-decoded")),
                forms.json.is_some().then(|| option("json", "JSON tree")),
                forms.jwt.is_some().then(|| option("jwt", "JWT parts")),
                forms.time.is_some().then(|| option("time", "time in words")),
            ]
        })
    };
    let shown = move || {
        let forms = read.get().unwrap_or_default();
        match (chosen.get().as_str(), &*forms) {
            ("decoded", Forms { decoded: Some(decoded), .. }) => pages(decoded.as_str().into()),
            ("json", Forms { json: Some(json), .. }) => tree("value".into(), json, true),
            ("jwt", Forms { jwt: Some(jwt), .. }) => token(jwt, bench.observed.with_untracked(|seen| seen.now)),
            ("time", Forms { time: Some((clock, second)), .. }) => {
                let (clock, second) = (clock.title(), *second);
                view! { <p>{format!("As {clock}: ")} {text(move || told(second, bench.now()))}</p> }.into_any()
            }
            _ => pages(value.clone()),
        }
    };
    view! {
        <div class="field">
            <label for="inspector-form">"Show value"</label>
            <select id="inspector-form" on:change=handler(move |event: Event| chosen.set(event_target_value(&event)))>
                <option value="raw">"as it is"</option>
                {options}
            </select>
        </div>
        <p class="buttons" hidden=flag(move || read.read().is_some())>
            <button type="button" on:click=handler(move |_| take_apart())>
                "Take it apart"
            </button>
            <span class="hint">"It is long: this may take a moment."</span>
        </p>
        <div class="shape-of-value">{shown}</div>
    }
    .into_any()
}

/// Buttons that copy the entry, and the text itself where the browser does not let a page copy.
fn copies(store: Store, entry: Entry) -> AnyView {
    let said = RwSignal::new(String::new());
    let by_hand = RwSignal::new(None::<String>);
    let entry = Arc::new(entry);
    let button = |kind: Kind| {
        if !kind.is_offered(store, &entry) {
            return None;
        }
        let address = location().href().unwrap_or_default();
        let entry = entry.clone();
        let title = kind.title(store);
        let copy = move |_| {
            let Some(text) = kind.text(store, &entry, &address) else { return };
            spawn_local(async move {
                let copied = JsFuture::from(window().navigator().clipboard().write_text(&text)).await.is_ok();
                if copied {
                    by_hand.set(None);
                    said.set(format!("Copied as {title}."));
                } else {
                    by_hand.set(Some(text));
                    said.set("The browser does not let this page copy. Copy it from the field.".to_owned());
                    focus("by-hand".to_owned());
                }
            });
        };
        Some(view! {
            <button type="button" on:click=handler(copy)>
                {format!("Copy as {title}")}
            </button>
        })
    };
    view! {
        <div class="buttons">{Kind::ALL.map(button)}</div>
        <p role="status">{said}</p>
        {move || by_hand.get().map(|text| {
            view! { <textarea id="by-hand" readonly aria-label="To be copied" prop:value=text></textarea> }
        })}
    }
    .into_any()
}
