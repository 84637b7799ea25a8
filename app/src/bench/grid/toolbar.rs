//! The filter, the order and the selection: one of each for all stores.

use super::{
    action::Action,
    order::{By, Sort},
    state::Grid,
};
use crate::{
    reactive::{Derived, State},
    ui::{aria, changing, flag, handler, parts, text},
    words::thousands,
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
};

/// The id of the filter's field.
pub(in crate::bench) const FIELD: &str = "filter";

/// The toolbar above the table.
pub(in crate::bench) fn toolbar(grid: Grid, columns: AnyView) -> AnyView {
    let facets = State::new(None::<fn(Grid) -> AnyView>);
    let more = move |_| {
        if facets.get_untracked().is_some() {
            return facets.set(None);
        }
        grid.with_lazy(move |lazy| facets.set(Some(lazy.facets)));
    };
    let typed = move |event| {
        grid.typed.set(event_target_value(&event));
        grid.follow(true);
    };
    let give_up = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !grid.typed.read_untracked().is_empty() {
            event.prevent_default();
            grid.typed.set(String::new());
            grid.follow(false);
        }
    };
    view! {
        <form
            class="toolbar needs-script"
            role="search"
            aria-label="Filter entries"
            on:submit=handler(move |event: SubmitEvent| event.prevent_default())
        >
            <label for=FIELD>"Filter"</label>
            <input
                id=FIELD
                type="search"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                prop:value=grid.typed.text()
                on:input=handler(typed)
                on:keydown=handler(give_up)
            />
            <p class="hint">{text(move || grid.count())}</p>
            {order(grid)}
            {selection(grid)}
            {columns}
            <button
                type="button"
                class="quiet"
                aria-expanded=aria(move || facets.get().is_some())
                aria-controls="facets"
                on:click=handler(more)
            >
                "Facets"
            </button>
            <button
                type="button"
                class="quiet keys"
                aria-haspopup="dialog" on:click=handler(move |_| grid.panels.keys_listed.set(true))>
                "Keys"
            </button>
            <div id="facets" hidden=flag(move || facets.get().is_none())>
                {changing(move || facets.get().map(|facets| facets(grid)))}
            </div>
        </form>
    }
    .into_any()
}

fn order(grid: Grid) -> AnyView {
    let sort_by = move |event| {
        let by = By::of(&event_target_value(&event)).unwrap_or_default();
        let sort = grid.sort.get_untracked();
        let store = sort.store.filter(|_| !matches!(by, By::Name | By::Differences));
        grid.sort(Sort { by, store, ..sort });
    };
    let turn = move |_| {
        let sort = grid.sort.get_untracked();
        grid.sort(Sort { descending: !sort.descending, ..sort });
    };
    let option = move |by: By| {
        view! {
            <option value=by.slug() selected=flag(move || grid.sort.get().by == by)>
                {by.title()}
            </option>
        }
        .into_any()
    };
    view! {
        <div class="order">
            <label for="sort">"Sort by"</label>
            <select id="sort" on:change=handler(sort_by)>
                {parts(By::ALL.map(option))}
            </select>
            <button type="button" class="quiet" on:click=handler(turn)>
                {text(move || if grid.sort.get().descending { "Descending" } else { "Ascending" }.to_owned())}
            </button>
        </div>
    }
    .into_any()
}

fn selection(grid: Grid) -> AnyView {
    let ticked = Derived::new(move || grid.ticked());
    let all = flag(move || ticked.get() > 0 && ticked.get() == grid.can_tick());
    let tick_all = move |event| {
        let rows = grid.shown.with_untracked(super::state::Shown::len);
        grid.tick_rows(0, rows, event_target_checked(&event));
    };
    let delete = move |_| grid.with_lazy(move |lazy| (lazy.act)(grid, Action::DeleteSelected));
    view! {
        <div class="ticks">
            <input type="checkbox" id="select-all" prop:checked=all on:change=handler(tick_all) />
            <label for="select-all">"Select all shown"</label>
            <button type="button" hidden=flag(move || ticked.get() == 0) on:click=handler(delete)>
                {text(move || format!("Delete {} selected", thousands(ticked.get() as u64)))}
            </button>
        </div>
    }
    .into_any()
}
