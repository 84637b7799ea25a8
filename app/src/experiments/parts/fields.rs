//! The parameters: a field each, and a slider for numbers.

use crate::{
    experiments::{
        parameter::{Parameter, Values},
        state::ExperimentState,
    },
    reactive::State,
    ui::{error_text, flag, handler, text},
};
use leptos::prelude::*;

/// All of them; nothing where there are none.
pub(super) fn fields(state: ExperimentState) -> AnyView {
    let parameters = state.experiment.parameters;
    if parameters.is_empty() {
        return ().into_any();
    }
    let locked = flag(move || state.is_busy());
    view! {
        <fieldset class="parameters" disabled=locked>
            <legend>"Change it"</legend>
            {parameters.iter().enumerate().map(|(index, parameter)| field(state, index, parameter)).collect_view()}
        </fieldset>
    }
    .into_any()
}

fn field(state: ExperimentState, index: usize, parameter: &'static Parameter) -> AnyView {
    let id = format!("parameter-{}", parameter.name);
    let error_id = format!("{id}-error");
    // What is wrong: first with the link, then with what is typed.
    let first = match state.unusable.with_value(|all| all.iter().any(|unusable| unusable.name == parameter.name)) {
        true => format!("The link’s value cannot be used: it takes {}.", parameter.rule()),
        false => String::new(),
    };
    let error = State::new(first);
    let change = move |value: String| {
        if parameter.takes(&value) {
            error.set(String::new());
            state.change(index, value);
        } else {
            error.set(format!("It takes {}. What was there before is used.", parameter.rule()));
        }
    };
    let value = text(move || state.values.read().get(index).cloned().unwrap_or_default());
    let input = match parameter.values {
        Values::Number { from, to, .. } => {
            let slider = format!("{}, by slider", parameter.label);
            view! {
                <input
                    id=id.clone()
                    type="number"
                    min=from
                    max=to
                    aria-describedby=error_id.clone()
                    prop:value=value
                    value=value.get_untracked()
                    on:change=handler(move |event| change(event_target_value(&event)))
                />
                <input
                    type="range"
                    min=from
                    max=to
                    aria-label=slider
                    prop:value=value
                    value=value.get_untracked()
                    on:input=handler(move |event| change(event_target_value(&event)))
                />
            }
            .into_any()
        }
        Values::Choice(choices) => {
            let options = choices.iter().map(|(spelling, words)| {
                let chosen = value.get_untracked() == *spelling;
                view! {
                    <option value=*spelling selected=chosen>
                        {*words}
                    </option>
                }
            });
            view! {
                <select
                    id=id.clone()
                    aria-describedby=error_id.clone()
                    on:change=handler(move |event| change(event_target_value(&event)))
                >
                    {options.collect_view()}
                </select>
            }
            .into_any()
        }
        Values::Own { secret } => view! {
            <input
                id=id.clone()
                type=if secret { "password" } else { "text" }
                autocomplete=if secret { "new-password" } else { "username" }
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=error_id.clone()
                prop:value=value
                on:input=handler(move |event| change(event_target_value(&event)))
            />
        }
        .into_any(),
        Values::Text { longest, .. } => view! {
            <input
                id=id.clone()
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                maxlength=longest
                aria-describedby=error_id.clone()
                prop:value=value
                value=value.get_untracked()
                on:change=handler(move |event| change(event_target_value(&event)))
            />
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <label for=id>{parameter.label}</label>
            {input}
            {error_text(error_id, error.text())}
        </div>
    }
    .into_any()
}
