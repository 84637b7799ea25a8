//! A value taken apart, drawn: text page by page, JSON as a tree that unfolds, a token's parts.

use super::value::{Json, Jwt, told};
use crate::{
    reactive::State,
    text::units::usv,
    ui::{flag, handler, lines, text},
    words::thousands,
};
use leptos::{ev::Event, prelude::*};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

/// Characters that are shown at once: a browser lays out millions of them for seconds.
const PAGE: usize = 10_000;
/// Members of one list or object that are shown.
const MEMBERS: usize = 200;
/// Bytes of a signature that are shown.
const SIGNATURE: usize = 32;

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

/// JSON as a tree; what is folded is not in the document.
pub(super) fn tree(name: String, json: &Json, open: bool) -> AnyView {
    let (brackets, count) = match json {
        Json::Leaf(leaf) => return leaf_view(name, leaf),
        Json::List(items) => ("[ ]", items.len()),
        Json::Object(members) => ("{ }", members.len()),
    };
    let json = json.clone();
    let unfolded = State::new(open);
    let toggled = move |event: Event| {
        if let Some(details) = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok()) {
            unfolded.set(details.open());
        }
    };
    view! {
        <details open=open on:toggle=handler(toggled)>
            <summary>
                <code>{name}</code>
                {format!(" {brackets} {}", thousands(count as u64))}
            </summary>
            {move || unfolded.get().then(|| members(&json, count))}
        </details>
    }
    .into_any()
}

fn members(json: &Json, count: usize) -> AnyView {
    let rows: Vec<_> = match json {
        Json::Leaf(_) => Vec::new(),
        Json::List(items) => {
            items.iter().take(MEMBERS).enumerate().map(|(at, item)| tree(at.to_string(), item, false)).collect()
        }
        Json::Object(members) => {
            members.iter().take(MEMBERS).map(|(name, member)| tree(name.clone(), member, false)).collect()
        }
    };
    let left = count.saturating_sub(MEMBERS);
    view! {
        <ul>{rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view()}</ul>
        {(left > 0).then(|| view! { <p class="hint">{format!("And {} more.", thousands(left as u64))}</p> })}
    }
    .into_any()
}

fn leaf_view(name: String, leaf: &str) -> AnyView {
    let leaf = &leaf[..end_of_page(leaf, 0)];
    view! {
        <code>{name}</code>
        ": "
        <code class="leaf">{leaf.to_owned()}</code>
    }
    .into_any()
}

/// A token's header, payload, times and signature.
pub(super) fn token(jwt: &Jwt, now: i64) -> AnyView {
    let times = jwt.times.iter().map(|(words, second)| {
        let told = told(*second, now);
        view! { <dt>{*words}</dt> <dd>{told}</dd> }
    });
    let hex: Vec<_> = jwt.signature.iter().take(SIGNATURE).map(|byte| format!("{byte:02x}")).collect();
    let more = if jwt.signature.len() > SIGNATURE { " …" } else { "" };
    view! {
        <p class="hint">"Read, never verified: whoever has no key cannot tell whether the signature is right."</p>
        {tree("header".into(), &jwt.header, true)}
        {tree("payload".into(), &jwt.payload, true)}
        <dl class="facts">
            {times.collect_view()} <dt>"signature"</dt>
            <dd>{format!("{} bytes: ", jwt.signature.len())} <code>{hex.join(" ")} {more}</code></dd>
        </dl>
    }
    .into_any()
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
