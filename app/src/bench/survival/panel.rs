//! The matrix: a row for each event, a column for each store, and in each cell what really came out.

use super::{
    Browser, Column, Event,
    copy_button::copy,
    dialog::dialog,
    events::{Hindrance, Shown, Survival, named},
    model::Outcome,
    share_panel::share_panel,
};
use crate::{
    bench::state::Bench,
    reactive::Derived,
    ui::{aria, flag, handler, text},
};
use leptos::prelude::*;

/// Whether the address names a trial to go on with, or a matrix to look at.
pub(in crate::bench) fn is_named() -> bool {
    named("trial").is_some() || named("matrix").is_some()
}

/// The panel.
pub(in crate::bench) fn panel(bench: Bench) -> AnyView {
    let survival = Survival::new(bench);
    view! {
        <div class="survival">
            <p class="about">
                "Try an event: the lab lays a marker in every store, reads it, lets the event happen and reads it again. What
                comes out is what your browser did just now, and every result opens to its evidence."
            </p>
            {controls(survival)}
            {survival.windows.button()}
            {steps(survival)}
            {matrix(survival)}
            {share_panel(survival)}
            {dialog(survival)}
        </div>
    }
    .into_any()
}

fn controls(survival: Survival) -> AnyView {
    let count = Survival::all_without_leaving().count();
    let running = flag(move || survival.progress.read().is_some());
    let busy = flag(move || survival.under_way.read().is_some());
    let doing = text(move || match survival.under_way.get() {
        Some((event, what)) => format!("{}: {what}…", event.heading()),
        None => String::new(),
    });
    view! {
        <div class="buttons">
            <button type="button" class="primary" aria-disabled=aria(move || busy.get()) on:click=handler(move |_| survival.start_all())>
                "Run all that need no leaving"
            </button>
            <button type="button" hidden=flag(move || !running.get()) on:click=handler(move |_| survival.cancel())>
                "Cancel"
            </button>
            <button
                type="button"
                hidden=flag(move || survival.id.read().is_none())
                aria-disabled=aria(move || busy.get())
                on:click=handler(move |_| survival.end())
            >
                "End the trial"
            </button>
            <progress
                aria-label="Events tried"
                max=count.to_string()
                value=text(move || survival.progress.get().unwrap_or(0).to_string())
                hidden=flag(move || !running.get())
            ></progress>
            <span class="hint">{doing}</span>
        </div>
    }
    .into_any()
}

/// What the visitor is asked to do, and the question whether it happened.
fn steps(survival: Survival) -> AnyView {
    let waiting = Derived::new(move || {
        let pending = survival.trial.read().pending.as_ref().map(|pending| pending.event);
        pending.filter(|event| event.is_guided()).map(|event| (event, survival.came_back.read().is_some()))
    });
    let link = move || view! { <code class="address">{text(move || survival.link())}</code> }.into_any();
    let forgo = move || {
        view! {
            <button type="button" class="quiet" on:click=handler(move |_| survival.forgo())>
                "Not now"
            </button>
        }
        .into_any()
    };
    let view = move |(event, is_back)| match (event, is_back) {
        (event, true) => {
            let question = match event {
                Event::Restart => "You are back. Was the browser closed, with all its windows?",
                _ => "You are back. Was the tab closed?",
            };
            view! {
                <p>{question}</p>
                <div class="buttons">
                    <button type="button" class="primary" on:click=handler(move |_| survival.confirm())>
                        "Yes, record it"
                    </button>
                    {forgo()}
                </div>
            }
            .into_any()
        }
        (event, false) => {
            let leave = match event {
                Event::Restart => "Quit the browser, with all its windows.",
                _ => "Close this tab.",
            };
            let return_by = match event {
                Event::Restart => "Start the browser and open the link.",
                _ => "Open the link in a new tab.",
            };
            view! {
                <ol>
                    <li>"Keep this link: " {link()} {copy(text(move || survival.link()), "Copy the link", survival)}</li>
                    <li>{leave}</li>
                    <li>{return_by}</li>
                </ol>
                {forgo()}
            }
            .into_any()
        }
    };
    view! { {move || waiting.get().map(|waiting| view! { <div class="note">{view(waiting)}</div> })} }.into_any()
}

fn matrix(survival: Survival) -> AnyView {
    let columns = Derived::new(move || {
        let used = survival.trial.read().columns();
        let shown = |column: &Column| {
            column.is_on(survival.bench)
                || used.contains(column)
                || survival.compared.read().as_ref().is_some_and(|matrix| matrix.columns().contains(column))
        };
        Column::ALL.into_iter().filter(shown).collect::<Vec<_>>()
    });
    let heading = |column: Column| view! { <th scope="col">{column.title()}</th> }.into_any();
    view! {
        <div class="table matrix">
            <table>
                <caption class="visually-hidden">"What survives, by event and store"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Event"</th>
                        {move || columns.get().into_iter().map(heading).collect_view()}
                    </tr>
                </thead>
                <tbody>{Event::ALL.map(|event| row(survival, event, columns))}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(survival: Survival, event: Event, columns: Derived<Vec<Column>>) -> AnyView {
    let try_it = move |_| match event.asks_first() {
        true if survival.under_way.read_untracked().is_none() => survival.shown.set(Some(Shown::Question(event))),
        true => {}
        false => survival.start(event),
    };
    let hindrance = Derived::new(move || survival.hindrances.read().get(&event).cloned());
    let why_not = text(move || hindrance.get().map(|hindrance| hindrance.to_string()).unwrap_or_default());
    view! {
        <tr>
            <th scope="row">
                <div class="event">
                    {event.heading()}
                    <button
                        type="button"
                        aria-label=format!("Try {}", event.title())
                        aria-disabled=aria(move || survival.under_way.read().is_some())
                        on:click=handler(try_it)
                    >
                        "Try"
                    </button>
                    <p class="error" hidden=flag(move || why_not.read().is_empty())>
                        {why_not}
                        {move || {
                            (hindrance.get() == Some(Hindrance::LogInFirst))
                                .then(|| view! { " " <a href=survival.way_to_log_in()>"Log in"</a> })
                        }}
                    </p>
                </div>
            </th>
            {move || columns.get().into_iter().map(|column| cell(survival, event, column)).collect_view()}
        </tr>
    }
    .into_any()
}

/// A result, and beside it what came out in the browser that it is compared with.
fn cell(survival: Survival, event: Event, column: Column) -> AnyView {
    let outcomes = Derived::new(move || {
        let other = survival.compared.read().as_ref().map(|other| (other.browser, other.outcome(event, column)));
        (survival.trial.read().outcome(event, column), other.filter(|(_, other)| *other != Outcome::Untried))
    });
    let content = move || {
        let (outcome, other) = outcomes.get();
        let differs = other.is_some_and(|(_, other)| differs(outcome, other));
        let result = match outcome {
            Outcome::Untried => view! { <span class="untried">{outcome.words()}</span> }.into_any(),
            outcome => view! {
                <button
                    type="button"
                    class=format!("outcome {}", tone(outcome))
                    aria-label=name(event, column, outcome, other)
                    on:click=handler(move |_| survival.shown.set(Some(Shown::Evidence(event, column))))
                >
                    {sign(outcome)}
                    {outcome.words()}
                </button>
            }
            .into_any(),
        };
        view! {
            {result}
            {other
                .map(|(browser, other)| {
                    view! {
                        <span class="other">{format!("{browser}: ")} {sign(other)} {other.words()}</span>
                        {differs.then(|| view! { <strong class="tag">"differs"</strong> })}
                    }
                })}
        }
    };
    view! { <td>{content}</td> }.into_any()
}

fn sign(outcome: Outcome) -> AnyView {
    view! { <span aria-hidden="true">{outcome.symbol()} " "</span> }.into_any()
}

/// A cell's name, part of the product's contract: `reload, sessionStorage: kept`.
fn name(event: Event, column: Column, outcome: Outcome, other: Option<(Browser, Outcome)>) -> String {
    let name = format!("{}, {}: {}", event.title(), column.title(), outcome.words());
    match other {
        None => name,
        Some((browser, other)) if differs(outcome, other) => format!("{name}; {browser}: {}, differs", other.words()),
        Some((browser, other)) => format!("{name}; {browser}: {}", other.words()),
    }
}

fn differs(one: Outcome, other: Outcome) -> bool {
    one != other && one != Outcome::Untried
}

fn tone(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept | Outcome::Reached => "there",
        Outcome::Lost | Outcome::Missed => "gone",
        Outcome::Changed => "changed",
        Outcome::Untried | Outcome::NotLaid | Outcome::Unreadable => "unknown",
    }
}
