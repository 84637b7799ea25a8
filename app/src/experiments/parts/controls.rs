//! What the visitor chooses and presses.

use super::fields::fields;
use crate::{
    experiments::{
        beforehand::in_full,
        conduct::{reset, start},
        procedure::Procedure,
        state::{ExperimentState, Phase},
    },
    ui::{aria, copy, flag, focus, handler, text},
};
use leptos::{prelude::*, task::spawn_local};

const WHY_NOT: &str = "why-not";
const NEXT: &str = "next-step";

/// The prediction, the parameters and the buttons.
pub(in crate::experiments) fn controls(state: ExperimentState, procedure: &'static Procedure) -> AnyView {
    view! {
        <div class="controls needs-script">
            {prediction(state)}
            {fields(state)}
            <p class="beforehand">{in_full(state.experiment)}</p>
            {buttons(state, procedure)}
            {state.windows.button()}
            <p class="hint" role="status">
                {text(move || what_is_going_on(state))}
            </p>
        </div>
    }
    .into_any()
}

/// Nothing where none is asked for.
fn prediction(state: ExperimentState) -> AnyView {
    if state.experiment.choices.is_empty() {
        return ().into_any();
    }
    let choice = move |(index, words): (usize, &&'static str)| {
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="prediction"
                    prop:checked=flag(move || state.prediction.get() == Some(index))
                    on:change=handler(move |_| state.prediction.set(Some(index)))
                />
                <span>{*words}</span>
            </label>
        }
    };
    let locked = flag(move || state.is_busy());
    view! {
        <fieldset role="radiogroup" aria-labelledby="expect" disabled=locked>
            <legend id="expect">"What do you expect?"</legend>
            {state.experiment.choices.iter().enumerate().map(choice).collect_view()}
        </fieldset>
    }
    .into_any()
}

fn buttons(state: ExperimentState, procedure: &'static Procedure) -> AnyView {
    let run = move |title: &'static str, by_step: bool, class: &'static str| {
        let press = move |_| {
            start(state, procedure, by_step);
            if by_step && untrack(|| state.is_busy()) {
                focus(NEXT.to_owned());
            }
        };
        view! {
            <button
                type="button"
                class=class
                aria-disabled=aria(move || !state.is_ready())
                aria-describedby=WHY_NOT
                on:click=handler(press)
            >
                {title}
            </button>
        }
        .into_any()
    };
    let copy_link = move |_| {
        spawn_local(async move {
            let link = format!("{}{}", window().location().origin().unwrap_or_default(), state.link());
            let words = if copy(&link).await { "Copied." } else { "The browser lets no script copy here." };
            let _ = state.says.try_set(words.to_owned());
        });
    };
    view! {
        <div class="buttons">
            {run("Run it", false, "primary")}
            {run("Step by step", true, "")}
            <button
                type="button"
                id=NEXT
                hidden=flag(move || !(state.is_busy() && state.by_step.get()))
                aria-disabled=aria(move || *state.phase.read() != Phase::Paused)
                on:click=handler(move |_| state.go_on())
            >
                "Next step"
            </button>
            <button type="button" on:click=handler(move |_| reset(state))>
                "Reset"
            </button>
            <button type="button" class="quiet" on:click=handler(copy_link)>
                "Copy the link"
            </button>
        </div>
        <p class="hint" id=WHY_NOT hidden=flag(move || state.is_predicted())>
            "Choose what you expect first: then it can be run."
        </p>
    }
    .into_any()
}

fn what_is_going_on(state: ExperimentState) -> String {
    let says = state.says.get();
    let step = || state.step.get().map_or(0, |index| index + 1);
    let steps = state.experiment.steps.len();
    match &*state.phase.read() {
        Phase::Queued => {
            "Waiting for another tab of the lab, which needs the stores to itself or uses them. Reset gives up."
                .to_owned()
        }
        Phase::Running if says.is_empty() => format!("Step {} of {steps} is under way.", step()),
        Phase::Paused => format!("Step {} of {steps} is done. Look at what was seen, then go on.", step()),
        Phase::Ending => "Cleaning up.".to_owned(),
        _ => says,
    }
}
