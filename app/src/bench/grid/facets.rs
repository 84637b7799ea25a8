//! The filter's facets: which stores, what is said of an entry, who sees it.

use super::{
    order::{Flag, SeenBy},
    state::Grid,
};
use crate::{
    browser::Store,
    ui::{aria, handler},
};
use leptos::{ev::Event, prelude::*};

/// The facets.
pub(super) fn facets(grid: Grid) -> AnyView {
    let store = move |store: Store| {
        let hidden = move || grid.hidden.read().contains(&store);
        let turn = move |_| {
            grid.hidden.update(|hidden| match hidden.iter().position(|one| *one == store) {
                Some(at) => drop(hidden.remove(at)),
                None => hidden.push(store),
            });
            grid.follow(false);
        };
        view! {
            <button type="button" aria-pressed=aria(move || !hidden()) on:click=handler(turn)>
                {store.title()}
            </button>
        }
        .into_any()
    };
    let by_flag = move |event: Event| {
        let title = event_target_value(&event);
        grid.flag.set(Flag::ALL.into_iter().find(|flag| flag.title() == title));
        grid.follow(false);
    };
    let by_seen = move |event: Event| {
        let title = event_target_value(&event);
        grid.seen.set(SeenBy::ALL.into_iter().find(|seen| seen.title() == title));
        grid.follow(false);
    };
    let chosen_flag = move || grid.flag.get_untracked().map(Flag::title);
    let chosen_seen = move || grid.seen.get_untracked().map(SeenBy::title);
    view! {
        <div class="buttons" role="group" aria-label="Stores shown">
            {move || grid.bench.columns.get().into_iter().map(store).collect_view()}
        </div>
        {choice("facet-flag", "What it is", Flag::ALL.map(Flag::title).to_vec(), chosen_flag(), by_flag)}
        {choice("facet-seen", "Seen by", SeenBy::ALL.map(SeenBy::title).to_vec(), chosen_seen(), by_seen)}
    }
    .into_any()
}

fn choice(
    id: &'static str,
    label: &'static str,
    titles: Vec<&'static str>,
    chosen: Option<&'static str>,
    choose: impl FnMut(Event) + 'static,
) -> AnyView {
    let option = |title| view! { <option selected=Some(title) == chosen>{title}</option> };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id on:change=handler(choose)>
                <option value="">"any"</option>
                {titles.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}
