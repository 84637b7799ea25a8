//! What the run came to.

use crate::{
    experiments::{
        model::{Kind, Verdict},
        sheet::{Phase, Sheet},
    },
    ui::{effect, error_text, flag, focus, text},
};
use leptos::prelude::*;

const HEADING: &str = "verdict-heading";

/// The verdict, announced when it is there. Who went step by step is led to it, since their button goes.
pub(in crate::experiments) fn verdict(sheet: Sheet) -> AnyView {
    effect(move || {
        if sheet.is_over() && sheet.by_step.get_untracked() {
            focus(HEADING.to_owned());
        }
    });
    let trouble = text(move || match &*sheet.phase.read() {
        Phase::Failed(words) => words.clone(),
        _ => String::new(),
    });
    let none = flag(move || sheet.is_over());
    view! {
        <section class="verdict needs-script" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1">
                "Verdict"
            </h2>
            <p class="hint" hidden=none>
                "It comes from what is seen in this browser, when you run it."
            </p>
            <div role="status">
                {move || match &*sheet.phase.read() {
                    Phase::Done(verdict) => Some(judged(sheet, verdict)),
                    Phase::CannotBeTried(words) => Some(outcome(Kind::CannotBeTried, words.clone())),
                    _ => None,
                }}
            </div>
            {error_text("trouble".into(), trouble)}
        </section>
    }
    .into_any()
}

fn judged(sheet: Sheet, Verdict { kind, right, words }: &Verdict) -> AnyView {
    let choices = sheet.experiment.choices;
    let choice = |index: usize| choices.get(index).copied().unwrap_or_default();
    let prediction = match sheet.prediction.get_untracked() {
        Some(index) if index == *right => format!("You expected just that: {}", choice(index)),
        Some(index) => format!("You expected: {} What came out: {}", choice(index), choice(*right)),
        None => String::new(),
    };
    view! {
        {outcome(*kind, words.clone())}
        <p>{prediction}</p>
    }
    .into_any()
}

fn outcome(kind: Kind, words: String) -> AnyView {
    view! {
        <p class=kind.class()>
            <strong>{kind.title()} "."</strong>
            " "
            {words}
        </p>
    }
    .into_any()
}
