//! The steps, and what was seen in each: by the browser, on the wire, by the server.

use crate::{
    experiments::{
        model::{Lane, Sight, Step},
        state::{ExperimentState, Seen},
    },
    reactive::Derived,
    ui::{flag, text},
};
use leptos::prelude::*;

/// The list of steps; `told` adds what a page has to say about one beside that, by its place.
pub(in crate::experiments) fn steps(state: ExperimentState, told: impl Fn(usize) -> AnyView) -> AnyView {
    let steps = state.experiment.steps.iter().enumerate().map(|(index, step)| one(state, index, step, told(index)));
    view! {
        <section aria-labelledby="steps-heading">
            <h2 id="steps-heading">"Steps"</h2>
            <ol class="steps" aria-labelledby="steps-heading">
                {steps.collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

fn one(state: ExperimentState, index: usize, Step(title, does): &'static Step, told: AnyView) -> AnyView {
    let current = text(move || if state.step.get() == Some(index) { "step" } else { "false" }.to_owned());
    view! {
        <li aria-current=current>
            <h3>{*title}</h3>
            <p>{*does}</p>
            {told}
            <div class="lanes">{Lane::ALL.map(|lane| seen_in(state, index, lane))}</div>
        </li>
    }
    .into_any()
}

/// What was seen in a lane; not there while that is nothing.
fn seen_in(state: ExperimentState, step: usize, lane: Lane) -> AnyView {
    let seen = Derived::new(move || {
        let all = state.seen.read();
        all.iter().filter(|seen| seen.step == step && seen.lane == lane).cloned().collect::<Vec<_>>()
    });
    let heading = format!("{}-{step}", lane.title());
    view! {
        <div
            class=format!("lane {}", lane.title().to_lowercase())
            role="group"
            aria-labelledby=heading
            hidden=flag(move || seen.read().is_empty())
        >
            <h4 id=heading.clone()>{lane.title()}</h4>
            {move || seen.get().into_iter().map(sighting).collect_view()}
        </div>
    }
    .into_any()
}

fn sighting(Seen { title, sight, .. }: Seen) -> AnyView {
    let shown = match sight {
        Sight::Text(text) => view! { <pre><code>{text}</code></pre> }.into_any(),
        Sight::Table(head, rows) => table(head, rows),
        Sight::Bars(bars) => self::bars(bars),
    };
    view! {
        <figure>
            <figcaption>{title}</figcaption>
            {shown}
        </figure>
    }
    .into_any()
}

fn table(head: &'static [&'static str], rows: Vec<Vec<String>>) -> AnyView {
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let name = cells.next();
        let cell = |(title, cell)| view! { <td role="cell" data-title=title>{cell}</td> };
        view! {
            <tr role="row">
                <th role="rowheader" scope="row">{name}</th>
                {head.iter().skip(1).copied().zip(cells).map(cell).collect_view()}
            </tr>
        }
    };
    // On a narrow page a row of many columns is a small list. The roles keep it a table.
    view! {
        <table role="table" class:many={head.len() > 3}>
            <thead>
                <tr>{head.iter().map(|title| view! { <th scope="col">{*title}</th> }).collect_view()}</tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The bars are for the eye; the words beside them say the same.
fn bars(bars: Vec<(String, f64, String)>) -> AnyView {
    let most = bars.iter().map(|(_, amount, _)| *amount).fold(f64::MIN_POSITIVE, f64::max);
    let row = |(name, amount, words): (String, f64, String)| {
        view! {
            <li>
                <span>{name}</span>
                <svg aria-hidden="true" viewBox="0 0 1000 10" preserveAspectRatio="none">
                    <rect width=(amount / most * 1_000.0).round().to_string() height="10" />
                </svg>
                <span>{words}</span>
            </li>
        }
    };
    view! { <ul class="bars">{bars.into_iter().map(row).collect_view()}</ul> }.into_any()
}
