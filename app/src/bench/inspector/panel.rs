//! The inspector's panel: a section for each store that is shown, and above them what differs.

use super::{
    copy::Kind,
    difference::{Group, Piece, difference, groups},
    lanes::{Lanes, lanes},
    shapes::{TAKEN_APART_AT_ONCE, pages, shape as drawn},
    value::{Reading, readings},
};
use crate::{
    bench::{
        grid::{ends, shape},
        requests::Sender,
        state::Bench,
    },
    browser::{CookieFlags, Entry, Expires, SameSite, Store, bytes, source, units},
    reactive::{Derived, State, Stored},
    text::{
        Within, has_escapes, label,
        units::{has_lone, portable},
    },
    ui::{changing, code, copy, flag, focus, handler, lines, text},
    words::thousands,
};
use leptos::{ev::Event, prelude::*, task::spawn_local};
use std::sync::Arc;

/// Characters of a value in the list of differences.
const BEGINNING: usize = 60;
/// Said of a value that no clipboard holds as it is.
const SPELLED: &str = " Its lone surrogates are written as escapes: the clipboard holds Unicode text alone.";

/// The name that is inspected, in each store as it is now.
pub(in crate::bench) fn panel(bench: Bench) -> AnyView {
    view! { <div class="inspector">{changing(move || bench.inspected.get().map(|name| whole(bench, name)))}</div> }
        .into_any()
}

fn whole(bench: Bench, name: String) -> AnyView {
    let stores = bench.columns.get_untracked();
    let held: Vec<_> = stores.into_iter().map(|store| (store, held(bench, store, name.clone()))).collect();
    let sections = held.iter().map(|(store, entries)| section(bench, *store, *entries)).collect_view();
    let grouped = Derived::new(move || {
        groups(held.iter().flat_map(|(store, entries)| {
            let entries = entries.get();
            let several = entries.len() > 1;
            entries.into_iter().map(move |entry| match several {
                true => (format!("{} ({})", store.title(), place(&entry)), entry.value),
                false => (store.title().to_owned(), entry.value),
            })
        }))
    });
    view! {
        {changing(move || grouped.with(|groups| (!groups.is_empty()).then(|| differences(groups))))}
        <div class="stores">{sections}</div>
    }
    .into_any()
}

/// What a store holds under a name: cookies may be several.
fn held(bench: Bench, store: Store, name: String) -> Derived<Vec<Entry>> {
    let entries = bench.entries(store);
    Derived::new(move || entries.with(|entries| entries.iter().filter(|entry| entry.name == name).cloned().collect()))
}

/// The values and who holds them; of two the difference.
fn differences(groups: &[Group]) -> AnyView {
    let items = groups.iter().map(|Group { value, holders }| {
        let holders = holders.join(", ");
        match value {
            Some(value) => view! { <li>{holders} ": " {code(&beginning(value))}</li> }.into_any(),
            None => view! { <li>"Out of reach of scripts: " {holders}</li> }.into_any(),
        }
    });
    let between = match groups {
        [first, second] | [first, second, Group { value: None, .. }] => Some(between(first, second)),
        _ => None,
    };
    view! {
        <section class="differences" aria-labelledby="differences-heading">
            <h3 id="differences-heading">"Differences"</h3>
            <ul>{items.collect_view()}</ul>
            {between}
        </section>
    }
    .into_any()
}

fn beginning(value: &str) -> String {
    match value.char_indices().nth(BEGINNING) {
        Some((end, _)) => format!("{}… ({} bytes in all)", &value[..end], thousands(bytes(value).into())),
        None if value.is_empty() => "(empty)".to_owned(),
        None => value.to_owned(),
    }
}

/// Two values in one text. What only one of them has is marked, for the ear by words.
fn between(first: &Group, second: &Group) -> AnyView {
    let value = |group: &Group| group.value.clone().unwrap_or_default();
    let only = |group: &Group| format!("only in {}", group.holders.join(", "));
    let (in_first, in_second) = (only(first), only(second));
    let said = |words: &str| view! { <span class="visually-hidden">{format!(" {words}: ")}</span> };
    let ends = || view! { <span class="visually-hidden">" (end) "</span> };
    let pieces = difference(&value(first), &value(second)).into_iter().map(|piece| match piece {
        Piece::Both(text) => lines(&text),
        Piece::First(text) => view! { <del>{said(&in_first)} {lines(&text)} {ends()}</del> }.into_any(),
        Piece::Second(text) => view! { <ins>{said(&in_second)} {lines(&text)} {ends()}</ins> }.into_any(),
    });
    view! {
        <div role="group" aria-label="The difference">
            <p class="hint">
                "The parts that they do not share are marked: " <del>{in_first.clone()}</del> ", " <ins>{in_second.clone()}</ins> "."
            </p>
            <pre tabindex="0">{pieces.collect_view()}</pre>
        </div>
    }
    .into_any()
}

/// One store's section: all that it holds under the name.
fn section(bench: Bench, store: Store, entries: Derived<Vec<Entry>>) -> AnyView {
    let id = format!("inspected-{}", store.slug());
    let was_here = Stored::new(false);
    let content = move || {
        let entries = entries.get();
        if entries.is_empty() {
            return match (was_here.get_value(), bench.is_denied(store)) {
                (_, true) => view! { <p class="empty">"Not readable here."</p> }.into_any(),
                (true, _) => view! { <p class="empty" role="status">"It is not there any more."</p> }.into_any(),
                (false, _) => view! { <p class="empty">"Not here."</p> }.into_any(),
            };
        }
        was_here.set_value(true);
        let several = entries.len() > 1;
        let parts = entries.into_iter().enumerate().map(|(at, entry)| {
            let name = several.then(|| format!("{}, {}", label(&entry.name), place(&entry)));
            let part = part(bench, store, entry, at);
            let Some(name) = name else { return part };
            let id = format!("inspected-{}-{at}", store.slug());
            view! {
                <div role="group" aria-labelledby=id.clone()>
                    <h4 id=id.clone()>{name}</h4>
                    {part}
                </div>
            }
            .into_any()
        });
        parts.collect_view().into_any()
    };
    view! {
        <section class=format!("of c-{}", store.slug()) aria-labelledby=id.clone()>
            <h3 id=id.clone()>{shape(store)} {store.title()}</h3>
            {changing(content)}
        </section>
    }
    .into_any()
}

/// What tells a cookie from others of its name.
fn place(entry: &Entry) -> String {
    let path = match (&entry.path, &entry.only_at) {
        (Some(path), _) => format!("path {path}"),
        (None, Some(at)) => format!("sent to {at}"),
        (None, None) => "path not told".to_owned(),
    };
    let domain = entry.flags.domain.as_ref().map(|domain| format!(", domain {domain}")).unwrap_or_default();
    let partitioned = if entry.flags.partitioned == Some(true) { ", partitioned" } else { "" };
    format!("{path}{domain}{partitioned}")
}

/// One entry: its lanes, its value, its facts and copies of it.
fn part(bench: Bench, store: Store, entry: Entry, at: usize) -> AnyView {
    let lanes = bench.observed.with_untracked(|seen| lanes(store, &entry, seen));
    let id = format!("{}-{at}", store.slug());
    let value = match entry.value.clone() {
        Some(value) => value_of(bench, value, &id),
        None => {
            view! { <p>"Its value is out of the reach of scripts, and the server does not tell it: it could not tell an HttpOnly one from another."</p> }
                .into_any()
        }
    };
    view! {
        {value}
        {lanes_of(lanes)}
        {facts(bench, store, &entry)}
        {copies(store, entry, &id)}
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
    let by_clock = match (entry.expires, entry.is_by_server(store)) {
        (Expires::At(_), true) => "The server's clock decides.",
        (Expires::At(_), false) => "This browser's clock decides.",
        _ => "",
    };
    let ending = entry.clone();
    let attribute = |(name, what): (&'static str, String)| view! { <dt>{name}</dt> <dd>{what}</dd> };
    view! {
        <dl class="facts">
            <dt>"Name"</dt>
            <dd>{size(&entry.name)}</dd>
            <dt>"Value"</dt>
            <dd>{value_size}</dd>
            <dt>"Ends"</dt>
            <dd>{text(move || ends(store, &ending, bench))} " " <span class="hint">{by_clock}</span></dd>
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
fn value_of(bench: Bench, value: Arc<str>, id: &str) -> AnyView {
    let id = format!("inspected-value-{id}");
    let read = State::new(None::<Arc<Vec<Reading>>>);
    let chosen = State::new("raw".to_owned());
    let take_apart = {
        let value = value.clone();
        move || read.set(Some(Arc::new(readings(&value))))
    };
    if value.len() <= TAKEN_APART_AT_ONCE {
        take_apart();
    }
    let whole = value.clone();
    let options = move || {
        read.get().map(|readings| {
            let plain = has_escapes(&whole, Within::Lines);
            let plain = plain.then(|| view! { <option value="plain">"plain, without escapes"</option> });
            let readings =
                readings.iter().map(|Reading { title, .. }| view! { <option value=*title>{*title}</option> });
            view! {
                {plain}
                {readings.collect_view()}
            }
        })
    };
    let shown = move || {
        let (chosen, readings) = (chosen.get(), read.get().unwrap_or_default());
        match readings.iter().find(|reading| reading.title == chosen) {
            Some(reading) => drawn(reading, bench),
            None => pages(value.clone(), chosen == "plain"),
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>"Show value"</label>
            <select id=id on:change=handler(move |event: Event| chosen.set(event_target_value(&event)))>
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
fn copies(store: Store, entry: Entry, id: &str) -> AnyView {
    let id = Stored::new(format!("by-hand-{id}"));
    let said = State::new(String::new());
    let by_hand = State::new(None::<String>);
    let entry = Arc::new(entry);
    let button = |kind: Kind| {
        if !kind.is_offered(store, &entry) {
            return None;
        }
        let address = source::app().map_or_else(|| location().href().unwrap_or_default(), |app| (app.origin)() + "/");
        let entry = entry.clone();
        let title = kind.title(store);
        let copied = move |_| {
            let Some(text) = kind.text(store, &entry, &address) else {
                said.set(format!("{title} has no spelling for this value. Take another."));
                return;
            };
            // Scripts and JSON have escapes; a value has none of its own.
            let spelled = if kind == Kind::Value && has_lone(&text) { SPELLED } else { "" };
            spawn_local(async move {
                if copy(&text).await {
                    by_hand.set(None);
                    said.set(format!("Copied as {title}.{spelled}"));
                } else {
                    by_hand.set(Some(portable(&text).into_owned()));
                    said.set("The browser does not let this page copy. Copy it from the field.".to_owned());
                    focus(id.get_value());
                }
            });
        };
        Some(view! {
            <button type="button" on:click=handler(copied)>
                {format!("Copy as {title}")}
            </button>
        })
    };
    let others = Sender::OTHERS.map(|sender| button(Kind::Request(sender)));
    let others = others.iter().any(Option::is_some).then(|| {
        view! {
            <details>
                <summary>"For other shells and programs"</summary>
                <div class="buttons">{others}</div>
            </details>
        }
    });
    view! {
        <div class="buttons">{Kind::ALL.map(button)}</div>
        {others}
        <p role="status">{said.text()}</p>
        {move || by_hand.get().map(|text| {
            view! { <textarea id=id.get_value() readonly aria-label="To be copied" prop:value=text></textarea> }
        })}
    }
    .into_any()
}
