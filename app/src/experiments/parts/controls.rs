//! What the visitor chooses and presses.

use super::fields::fields;
use crate::{
    experiments::sheet::{Phase, Sheet},
    ui::{aria, copy, flag, focus, handler, text},
};
use leptos::{prelude::*, task::spawn_local};

const WHY_NOT: &str = "why-not";
const NEXT: &str = "next-step";

/// The prediction, the parameters and the buttons.
pub(in crate::experiments) fn controls(sheet: Sheet) -> AnyView {
    view! {
        <div class="controls needs-script">
            {prediction(sheet)}
            {fields(sheet)}
            {buttons(sheet)}
            {sheet.windows.button()}
            <p class="hint" role="status">
                {text(move || what_is_going_on(sheet))}
            </p>
        </div>
    }
    .into_any()
}

/// Nothing where none is asked for.
fn prediction(sheet: Sheet) -> AnyView {
    if sheet.experiment.choices.is_empty() {
        return ().into_any();
    }
    let choice = move |(index, words): (usize, &&'static str)| {
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="prediction"
                    prop:checked=flag(move || sheet.prediction.get() == Some(index))
                    on:change=handler(move |_| sheet.prediction.set(Some(index)))
                />
                <span>{*words}</span>
            </label>
        }
    };
    let locked = flag(move || !sheet.awake.get() || sheet.is_busy());
    view! {
        <fieldset role="radiogroup" aria-labelledby="expect" disabled=locked>
            <legend id="expect">"What do you expect?"</legend>
            {sheet.experiment.choices.iter().enumerate().map(choice).collect_view()}
        </fieldset>
    }
    .into_any()
}

fn buttons(sheet: Sheet) -> AnyView {
    let run = move |title: &'static str, by_step: bool, class: &'static str| {
        let start = move |_| {
            sheet.start(by_step);
            if by_step && untrack(|| sheet.is_busy()) {
                focus(NEXT.to_owned());
            }
        };
        view! {
            <button
                type="button"
                class=class
                aria-disabled=aria(move || !sheet.is_ready())
                aria-describedby=WHY_NOT
                on:click=handler(start)
            >
                {title}
            </button>
        }
        .into_any()
    };
    let copy_link = move |_| {
        spawn_local(async move {
            let link = format!("{}{}", window().location().origin().unwrap_or_default(), sheet.link());
            let words = if copy(&link).await { "Copied." } else { "The browser lets no script copy here." };
            let _ = sheet.says.try_set(words.to_owned());
        });
    };
    view! {
        <div class="buttons">
            {run("Run it", false, "primary")}
            {run("Step by step", true, "")}
            <button
                type="button"
                id=NEXT
                hidden=flag(move || !(sheet.is_busy() && sheet.by_step.get()))
                aria-disabled=aria(move || *sheet.phase.read() != Phase::Paused)
                on:click=handler(move |_| sheet.go_on())
            >
                "Next step"
            </button>
            <button type="button" on:click=handler(move |_| sheet.reset())>
                "Reset"
            </button>
            <button type="button" class="quiet" on:click=handler(copy_link)>
                "Copy the link"
            </button>
        </div>
        <p class="hint" id=WHY_NOT hidden=flag(move || sheet.is_predicted())>
            "Choose what you expect first: then it can be run."
        </p>
    }
    .into_any()
}

fn what_is_going_on(sheet: Sheet) -> String {
    let says = sheet.says.get();
    let step = || sheet.step.get().map_or(0, |index| index + 1);
    let steps = sheet.experiment.steps.len();
    match &*sheet.phase.read() {
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
