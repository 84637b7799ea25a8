//! The comparison as a table: what is printed, what was found, and where the two differ.

use super::{
    book::{Finding, Question, Verdict},
    judge::capacity,
    measure::{STEPS, measure},
};
use crate::{
    bench::{limits::Measuring, state::Bench},
    browser::Store,
    reactive::State,
    ui::{WindowRequest, aria, flag, handler, text},
};
use leptos::{prelude::*, task::spawn_local};

/// What the panel has of others, and what it found.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Textbook {
    /// What was found, kept while the panel is closed.
    pub findings: State<Vec<Finding>>,
    pub measuring: Measuring,
    /// Opens the tool that measures limits.
    pub measure_limits: Callback<()>,
}

/// The panel.
pub(in crate::bench) fn panel(bench: Bench, textbook: Textbook) -> AnyView {
    let busy = State::new(false);
    let step = State::new(0);
    let with_other_tab = State::new(true);
    let windows = WindowRequest::new();
    let start = move |_| {
        busy.set(true);
        step.set(0);
        spawn_local(async move {
            let findings = measure(bench, with_other_tab.get_untracked().then_some(windows), step).await;
            let told = summary(&findings);
            let _ = textbook.findings.try_set(findings);
            let _ = bench.status.try_set(told);
            let _ = busy.try_set(false);
        });
    };
    view! {
        <div class="textbook">
            <h2>"Textbook and here"</h2>
            <p>
                "The comparison that textbooks print, beside what this browser does. Measuring puts a marker into each store,
                looks where it shows up, and removes it again."
            </p>
            <div class="buttons">
                <button
                    type="button"
                    class="primary"
                    disabled=busy.flag()
                    aria-busy=aria(move || busy.get())
                    on:click=handler(start)
                >
                    "Measure now"
                </button>
                <label class="check">
                    <input type="checkbox" prop:checked=with_other_tab.flag() on:change=with_other_tab.ticked() />
                    "Look from another tab too: one opens for a moment"
                </label>
            </div>
            {windows.button()}
            <progress max=STEPS value=text(move || step.get().to_string()) hidden=flag(move || !busy.get()) aria-label="Measuring">
            </progress>
            <p class="hint">{text(move || summary(&textbook.findings.read()))}</p>
            {table(textbook)}
        </div>
    }
    .into_any()
}

/// How many lines agree, differ and are open.
fn summary(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "Not measured yet.".to_owned();
    }
    let count = |verdict| findings.iter().filter(|found| found.verdict == verdict).count();
    let [agree, differ, open] = [Verdict::Agrees, Verdict::Differs, Verdict::Open].map(count);
    format!("Measured: {agree} as printed, {differ} that differ, {open} open.")
}

fn table(textbook: Textbook) -> AnyView {
    let heads = Store::DEFAULT.map(|store| view! { <th scope="col" class=store.slug()>{store.title()}</th> });
    let rows = Question::ALL.map(|question| {
        view! {
            <tr>
                <th scope="row">{question.title()}</th>
                {Store::DEFAULT.map(|store| cell(textbook, question, store))}
            </tr>
        }
    });
    view! {
        <div class="table" role="group" tabindex="0" aria-label="Textbook and here, table">
            <table>
                <caption class="visually-hidden">"What textbooks print of the four stores, and what was found here"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Question"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn cell(textbook: Textbook, question: Question, store: Store) -> AnyView {
    let found = move || {
        if let Some(fits) = fits(textbook, question, store) {
            let (verdict, here) = capacity(store, fits);
            return Some(Finding { question, store, here, verdict });
        }
        let findings = textbook.findings.read();
        findings.iter().find(|found| (found.question, found.store) == (question, store)).cloned()
    };
    let here = move || match found() {
        Some(Finding { here, verdict, .. }) => {
            let class = if verdict == Verdict::Differs { "verdict differs" } else { "verdict" };
            view! {
                <p>{here}</p>
                <p class=class>
                    <span aria-hidden="true">{verdict.symbol()}" "</span>
                    {verdict.words()}
                </p>
            }
            .into_any()
        }
        None => unmeasured(textbook, question, store),
    };
    view! {
        <td class=store.slug()>
            <p class="store-name" aria-hidden="true">
                {store.title()}
            </p>
            <p class="printed">
                <span class="visually-hidden">"Textbook: "</span>
                {question.says(store)}
            </p>
            <div class="here">
                <span class="visually-hidden">"Here: "</span>
                {here}
            </div>
        </td>
    }
    .into_any()
}

/// The capacity as its own tool has found it.
fn fits(textbook: Textbook, question: Question, store: Store) -> Option<u32> {
    if question != Question::Capacity {
        return None;
    }
    textbook.measuring.limits.with(|limits| limits.as_ref()?.of(store))
}

/// The capacity has a tool of its own.
fn unmeasured(textbook: Textbook, question: Question, store: Store) -> AnyView {
    let has_tool = question == Question::Capacity && store != Store::ServerSession;
    view! {
        <p>"not measured yet"</p>
        {has_tool
            .then(|| {
                view! {
                    <button type="button" class="quiet" on:click=handler(move |_| textbook.measure_limits.run(()))>
                        "Measure my limits"
                        <span class="visually-hidden">{format!(" of {}", store.title())}</span>
                    </button>
                }
            })}
    }
    .into_any()
}
