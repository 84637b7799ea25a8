//! What the run came to.

use crate::{
    experiments::{
        model::{Kind, Verdict},
        state::{ExperimentState, Phase},
    },
    ui::{effect, error_text, flag, focus, text},
};
use leptos::prelude::*;

const HEADING: &str = "verdict-heading";

/// The verdict, announced when it is there. Who went step by step is led to it, since their button goes.
pub(in crate::experiments) fn verdict(state: ExperimentState) -> AnyView {
    effect(move || {
        if state.is_over() && state.by_step.get_untracked() {
            focus(HEADING.to_owned());
        }
    });
    let trouble = text(move || match &*state.phase.read() {
        Phase::Failed(words) => words.clone(),
        _ => String::new(),
    });
    let none = flag(move || state.is_over());
    view! {
        <section class="verdict needs-script" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1">
                "Verdict"
            </h2>
            <p class="hint" hidden=none>
                "It comes from what is seen in this browser, when you run it."
            </p>
            <div role="status">
                {move || match &*state.phase.read() {
                    Phase::Done(verdict) => Some(judged(state, verdict)),
                    Phase::CannotBeTried(words) => Some(outcome(Kind::CannotBeTried, words.clone())),
                    _ => None,
                }}
            </div>
            {error_text("trouble".into(), trouble)}
        </section>
    }
    .into_any()
}

fn judged(state: ExperimentState, Verdict { kind, right, words }: &Verdict) -> AnyView {
    let choices = state.experiment.choices;
    let choice = |index: usize| choices.get(index).copied().unwrap_or_default();
    let prediction = match state.prediction.get_untracked() {
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
