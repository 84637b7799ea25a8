//! The filter of the catalogue: a form that works without scripts, with what meets it and a button that clears it.

use super::filter::{CLAIM, Filter, RunState, STATE};
use crate::{
    experiments::{
        catalogue::CATALOGUE,
        claims::{CLAIMS, Claim},
        progress::Progress,
    },
    navigation::Navigation,
    reactive::{Derived, State},
    ui::{flag, focus, handler, text},
};
use leptos::{
    ev::{Event, SubmitEvent},
    prelude::*,
};

/// So much of a claim stands in the list, in characters.
const SHOWN_OF_CLAIM: usize = 60;

pub(super) fn filter_form(progress: State<Progress>, filter: Derived<Filter>) -> AnyView {
    let navigation = expect_context::<Navigation>();
    let show = move |filter: Filter| navigation.replace(&filter.address());
    let choose = move |name: &'static str, value: String| {
        let is_chosen = |part: &str| part == name;
        let now = filter.get_untracked();
        let kept = |part: &str| match part {
            CLAIM => now.claim.map(|claim| claim.id.to_owned()),
            _ => now.state.map(|state| state.word().to_owned()),
        };
        show(Filter::read(|part| if is_chosen(part) { Some(value.clone()) } else { kept(part) }));
    };
    let clear = move |event: SubmitEvent| {
        event.prevent_default();
        show(Filter::default());
        // The button that had the focus is gone.
        focus(field_id(CLAIM));
    };
    let claims = CLAIMS
        .iter()
        .map(|claim| option(claim.id, in_the_list(claim), flag(move || filter.get().claim == Some(*claim))));
    let states = RunState::ALL
        .into_iter()
        .map(|state| option(state.word(), state.title().to_owned(), flag(move || filter.get().state == Some(state))));
    let shown = Derived::new(move || {
        let (filter, progress) = (filter.get(), progress.read());
        CATALOGUE.iter().filter(|experiment| filter.shows(experiment, &progress)).count()
    });
    let quoted = text(move || filter.get().claim.map_or_else(String::new, |claim| claim.text.to_owned()));
    let cited = text(move || filter.get().claim.map_or_else(String::new, |claim| format!("Claim {}", claim.id)));
    view! {
        <form
            class="filter"
            method="get"
            action="/experiments"
            role="search"
            aria-label="Filter the experiments"
            on:submit=handler(|event: SubmitEvent| event.prevent_default())
        >
            {field(CLAIM, "Claim", "Every claim", claims.collect_view().into_any(), choose)}
            {field(STATE, "State", "Run or not", states.collect_view().into_any(), choose)}
            <noscript>
                <button type="submit">"Show"</button>
            </noscript>
        </form>
        <blockquote class="claim" hidden=flag(move || filter.get().claim.is_none())>
            <p>{quoted}</p>
            <footer>{cited}</footer>
        </blockquote>
        <div class="met" class:nothing=flag(move || shown.get() == 0)>
            <p role="status">{text(move || told(shown.get(), filter.get()))}</p>
            <form
                method="get"
                action="/experiments"
                hidden=flag(move || filter.get().is_none())
                on:submit=handler(clear)
            >
                <button type="submit">"Clear the filter"</button>
            </form>
        </div>
    }
    .into_any()
}

fn field(
    name: &'static str,
    label: &'static str,
    any: &'static str,
    options: AnyView,
    choose: impl Fn(&'static str, String) + 'static,
) -> AnyView {
    view! {
        <div class="field">
            <label for=field_id(name)>{label}</label>
            <select
                id=field_id(name)
                name=name
                on:change=handler(move |event: Event| choose(name, event_target_value(&event)))
            >
                <option value="">{any}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

fn field_id(name: &str) -> String {
    format!("filter-{name}")
}

fn option(value: &'static str, words: String, chosen: Memo<bool>) -> AnyView {
    view! {
        <option value=value selected=chosen.get_untracked() prop:selected=chosen>
            {words}
        </option>
    }
    .into_any()
}

/// The claim's name and how it begins, up to the end of a word.
fn in_the_list(Claim { id, text }: &Claim) -> String {
    let fits = text.char_indices().nth(SHOWN_OF_CLAIM).map_or(*text, |(end, _)| &text[..end]);
    match fits.rsplit_once(' ') {
        Some((whole, _)) if fits.len() < text.len() => format!("{id}: {whole} …"),
        _ => format!("{id}: {text}"),
    }
}

fn told(shown: usize, filter: Filter) -> String {
    let all = CATALOGUE.len();
    match shown {
        _ if filter.is_none() => format!("{all} experiments"),
        0 => "No experiment meets the filter.".to_owned(),
        1 => format!("1 of {all} experiments meets the filter."),
        _ => format!("{shown} of {all} experiments meet the filter."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_in_the_list_ends_with_a_whole_word() {
        assert_eq!(
            in_the_list(&Claim {
                id: "C6",
                text: "Because HTTP is stateless, in order to associate a request to any other"
            }),
            "C6: Because HTTP is stateless, in order to associate a request …"
        );
        assert_eq!(in_the_list(&Claim { id: "C0", text: "Short." }), "C0: Short.");
        for claim in CLAIMS {
            assert!(in_the_list(claim).chars().count() <= SHOWN_OF_CLAIM + 8, "{}", in_the_list(claim));
        }
    }
}
