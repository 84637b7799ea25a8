//! One request and its answer, header by header.

use super::{
    cost::{Weight, reason},
    kept::{Kept, kept},
    set_cookie::{Life, SetCookie},
    time::time,
};
use crate::{
    bench::{cookies::broken_rules, pointing::show_button, state::Bench},
    browser::{Entries, Entry, Store, cookies::CookieLine},
    reactive::State,
    text::label,
    ui::{code, name as shown_name},
    wire::{Exchange, HeaderField, ReceivedCookie},
    words::thousands,
};
use leptos::prelude::*;
use std::sync::Arc;

/// One exchange of those that are listed.
pub(super) fn exchange(bench: Bench, all: State<Option<Arc<Vec<Exchange>>>>, this: Exchange) -> AnyView {
    let Exchange { method, path, status, version, at, took_us, .. } = &this;
    let id = this.id.clone();
    let took = format!("{}.{} ms", took_us / 1_000, took_us % 1_000 / 100);
    let (up, down) = (Weight::of_request(&this), Weight::of_response(&this));
    let entries = bench.entries(Store::Cookies);
    let carried: Vec<_> = this.request.iter().flat_map(|field| field.cookies.clone()).collect();
    let lines: Vec<_> = this.response.iter().filter(|field| field.name == "set-cookie").cloned().collect();
    view! {
        <section class="exchange" aria-labelledby="exchange-heading">
            <h3 id="exchange-heading" tabindex="-1">
                {format!("{method} {path}")}
            </h3>
            <p class="hint">
                {format!("{version} at {} UTC; the server’s answer began after {took}. Its id in the log: {id}", time(*at))}
            </p>
            <section aria-labelledby="request-heading">
                <h4 id="request-heading">{format!("Request: {} bytes", thousands(up.total()))}</h4>
                {share(up)}
                {fields("Header fields of the request", &this.request)}
                {(!carried.is_empty()).then(|| view! {
                    {move || cookies(bench, &carried, &entries.get())}
                })}
            </section>
            <section aria-labelledby="response-heading">
                <h4 id="response-heading">
                    {format!("Response: {status} {}, {} bytes", reason(*status), thousands(down.total()))}
                </h4>
                {share(down)}
                {fields("Header fields of the response", &this.response)}
                {move || {
                    let (all, entries) = (all.get()?, entries.get());
                    let place = all.iter().position(|exchange| exchange.id == id)?;
                    Some(lines.iter().map(|line| set_cookie(line, &all, place, &entries, bench)).collect_view())
                }}
            </section>
        </section>
    }
    .into_any()
}

/// The parts of a message as a bar, and in words beneath it.
fn share(weight: Weight) -> AnyView {
    let parts = [
        ("part-cookies", "Cookies", weight.cookies),
        ("part-fields", "Other header fields", weight.fields),
        ("part-lines", "First and last line", weight.lines),
        ("part-body", "Body", weight.body),
    ];
    let total = weight.total().max(1);
    let mut from = 0;
    let bars = parts.map(|(class, _, bytes)| {
        let (x, width) = (from * 1_000 / total, bytes * 1_000 / total);
        from += bytes;
        view! { <rect class=class x=x width=width height="10" /> }
    });
    let words = parts.map(|(class, name, bytes)| {
        view! {
            <li class=class>
                {format!("{name}: {} bytes, {} %", thousands(bytes), (bytes * 100 + total / 2) / total)}
            </li>
        }
    });
    view! {
        <svg class="bar cookies" aria-hidden="true" viewBox="0 0 1000 10" preserveAspectRatio="none">
            {bars}
        </svg>
        <ul class="legend cookies">{words}</ul>
    }
    .into_any()
}

fn fields(label: &'static str, fields: &[HeaderField]) -> AnyView {
    let rows = fields.iter().map(|field| {
        let value = match field.cookies.len() {
            0 => field.value.clone(),
            1 => "1 cookie, see below".to_owned(),
            count => format!("{count} cookies, see below"),
        };
        let class = if matches!(field.name.as_str(), "cookie" | "set-cookie") { "cookies" } else { "" };
        view! {
            <tr class=class>
                <th scope="row">{field.name.clone()}</th>
                <td class="value">
                    {code(&value)}
                </td>
                <td class="number">{thousands(field.bytes.into())}</td>
            </tr>
        }
    });
    view! {
        <div class="table" role="group" tabindex="0" aria-label=label>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Header field"</th>
                        <th scope="col">"Value"</th>
                        <th scope="col" class="number">
                            "Bytes"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The cookies that a request carried. The server does not tell their values; what scripts see is filled in.
fn cookies(bench: Bench, carried: &[ReceivedCookie], entries: &[Entry]) -> AnyView {
    let rows = carried.iter().map(|cookie| {
        view! {
            <tr>
                <th scope="row">{shown_name(&cookie.name)}</th>
                <td class="value">{value(cookie, entries)}</td>
                <td class="number">{thousands(cookie.bytes.into())}</td>
                <td>{show_button(bench, Store::Cookies, &cookie.name)}</td>
            </tr>
        }
    });
    view! {
        <div class="table cookies" role="group" tabindex="0" aria-label="Cookies of the request">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Cookie"</th>
                        <th scope="col">"Value, as scripts see it"</th>
                        <th scope="col" class="number">
                            "Bytes"
                        </th>
                        <th scope="col">"Row"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <p class="hint">
            "Name and value of each. To them come “cookie: ”, the line end, an “=” in each and “; ” between them."
        </p>
    }
    .into_any()
}

fn value(cookie: &ReceivedCookie, entries: &[Entry]) -> AnyView {
    let mut named = entries.iter().filter(|entry| entry.name == cookie.name).peekable();
    let first = named.peek().copied();
    let entry = named.find(|entry| entry.bytes == cookie.bytes).or(first);
    match entry.map(|entry| (entry.value.clone(), entry.bytes == cookie.bytes)) {
        Some((Some(value), true)) => code(&value),
        Some((Some(_), false)) => view! { <span class="hint">"changed since"</span> }.into_any(),
        Some((None, _)) => view! {
            <span class="masked">"••••••••"</span>
            <span class="hint">"HttpOnly: scripts cannot read it"</span>
        }
        .into_any(),
        None => view! { <span class="hint">"scripts of this page do not see it"</span> }.into_any(),
    }
}

/// A `Set-Cookie` line in its parts, and whether the browser did as it says.
fn set_cookie(line: &HeaderField, all: &[Exchange], place: usize, entries: &Entries, bench: Bench) -> AnyView {
    let now = all.get(place).map_or(0, |exchange| exchange.at / 1_000);
    let cookie = SetCookie::read(&line.value, now);
    let outcome = kept(&cookie, all, place, entries, now);
    let rules = match outcome {
        Kept::Missing(_) => broken_rules(bench, &line.value),
        _ => Vec::new(),
    };
    let rules = rules.into_iter().map(|broken| {
        view! {
            <p>
                "It breaks a rule: " {broken.says} " " <a href=broken.link rel="external">{broken.source}</a>
            </p>
        }
    });
    let outcome = outcome.words(|place| all.get(place).map(|exchange| time(exchange.at)).unwrap_or_default());
    let life = match (cookie.life(now), cookie.life(bench.now())) {
        (Life::For(_), Life::Ends) => "It has expired since.".to_owned(),
        (life, _) => life.words(),
    };
    let part = |name: String, value: Option<String>, meaning: String| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="value">{value.as_deref().map(code)}</td>
                <td>{meaning}</td>
            </tr>
        }
    };
    let SetCookie { line: CookieLine { name, value, .. }, attributes } = cookie;
    let attributes = attributes.into_iter().map(|attribute| part(attribute.name, attribute.value, attribute.meaning));
    let label = format!("Set-Cookie: {}", label(&name));
    let show = show_button(bench, Store::Cookies, &name);
    view! {
        <section class="set-cookie cookies" aria-label=label.clone()>
            <div class="title">
                <h5>{label.clone()}</h5>
                {show}
            </div>
            <pre>{code(&line.value)}</pre>
            <div class="table" role="group" tabindex="0" aria-label=format!("{label}, its parts")>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Part"</th>
                            <th scope="col">"Value"</th>
                            <th scope="col">"What it means"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {part("Name".to_owned(), Some(name), "what scripts and servers call it".to_owned())}
                        {part("Value".to_owned(), Some(value), "what is kept".to_owned())} {attributes.collect_view()}
                    </tbody>
                </table>
            </div>
            <p>{life} " " {outcome}</p>
            {rules.collect_view()}
        </section>
    }
    .into_any()
}
