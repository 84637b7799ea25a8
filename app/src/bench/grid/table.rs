//! A store's entries as a grid, with what sorts and ticks them.

use super::{
    further,
    keys::{arrive, press},
    order::By,
    row::row,
    view::{Column, Shown, View},
    window::first_in_sight,
};
use crate::{
    browser::{Refusal, Store},
    ui::{effect, flag, handler, text, thousands},
};
use leptos::{
    ev::FocusEvent,
    html::{Div, Tbody},
    prelude::*,
};
use web_sys::HtmlElement;

/// The entries of a column.
pub(super) fn entries(view: View, column: Column) -> AnyView {
    view! {
        <div class="entries">
            {arrangement(view, column)}
            {grid(column)}
            <p class="empty" hidden=flag(move || column.shown.with(Shown::len) > 0)>
                {text(move || nothing(column))}
            </p>
        </div>
    }
    .into_any()
}

fn nothing(column: Column) -> String {
    let filtered = column.shown.with(|shown| !shown.entries.is_empty());
    let denied = column.bench.is_denied(column.store);
    match (column.store, column.bench.awake.get()) {
        _ if filtered => "No entry meets the filter.",
        (Store::SessionStorage | Store::LocalStorage, false) => "Only scripts can read this store.",
        (Store::Cookies, false) => "No cookie reached the server.",
        (store, _) if Store::OPTIONAL.contains(&store) => return further::nothing(column.bench, store),
        _ if denied => return Refusal::Denied.explain(),
        _ => "Nothing here yet.",
    }
    .to_owned()
}

/// What sorts the rows and ticks them; not offered for fewer than two.
fn arrangement(view: View, column: Column) -> AnyView {
    let Column { store, sort, .. } = column;
    let (id, all_id) = (format!("{}-sort", store.slug()), format!("{}-all", store.slug()));
    let sort_by = move |event| {
        let by = By::of(&event_target_value(&event)).unwrap_or_default();
        view.sort(store, super::order::Sort { by, ..sort.get_untracked() });
    };
    let turn = move |_| {
        let sort = sort.get_untracked();
        view.sort(store, super::order::Sort { descending: !sort.descending, ..sort });
    };
    let option = move |by: By| {
        view! {
            <option value=by.slug() selected=flag(move || sort.get().by == by)>
                {by.title()}
            </option>
        }
    };
    let ticked = Memo::new(move |_| column.ticked());
    let all = flag(move || ticked.get() > 0 && ticked.get() == column.can_tick());
    let tick_all = move |event| {
        let rows = column.shown.with_untracked(Shown::len);
        column.tick_rows(0, rows, event_target_checked(&event));
    };
    view! {
        <div
            class="arrangement needs-script"
            hidden=flag(move || column.bench.entries(store).with(|entries| entries.len() < 2))
        >
            <label for=id.clone()>"Sort by"</label>
            <select id=id on:change=handler(sort_by)>
                {By::ALL.map(option)}
            </select>
            <button type="button" class="quiet" on:click=handler(turn)>
                {text(move || if sort.get().descending { "Descending" } else { "Ascending" }.to_owned())}
            </button>
            <div class="ticks">
                <input type="checkbox" id=all_id.clone() prop:checked=all on:change=handler(tick_all) />
                <label for=all_id>"Select all shown"</label>
                <button
                    type="button"
                    hidden=flag(move || ticked.get() == 0)
                    on:click=handler(move |_| column.delete(column.ticked_entries(), true))
                >
                    {text(move || format!("Delete {} selected", thousands(ticked.get() as u64)))}
                </button>
            </div>
        </div>
    }
    .into_any()
}

fn grid(column: Column) -> AnyView {
    let Column { bench, store, .. } = column;
    let (scroller, body) = (NodeRef::<Div>::new(), NodeRef::<Tbody>::new());
    // How high a long column is follows from its count; see `row` for why a script says so.
    effect(move || {
        if let Some(body) = body.get() {
            let _ = HtmlElement::style(&body).set_property("--count", &column.shown.with(Shown::len).to_string());
        }
    });
    // At most one look a frame, at its beginning, when the layout is settled.
    let waiting = StoredValue::new(false);
    let look = move || {
        if waiting.get_value() {
            return;
        }
        waiting.set_value(true);
        request_animation_frame(move || {
            if waiting.try_set_value(false).is_some() {
                return;
            }
            let (Some(scroller), Some(body)) = (scroller.get_untracked(), body.get_untracked()) else { return };
            let count = column.shown.with_untracked(Shown::len);
            let first = match column.many.get_untracked() {
                true => first_in_sight(scroller.scroll_top().into(), body.client_height().into(), count),
                false => 0,
            };
            if column.first.get_untracked() != first {
                column.first.set(first);
            }
        });
    };
    // What was scrolled to may have moved.
    effect(move || {
        column.shown.track();
        look();
    });
    let heading = move |by: By, title: &'static str, class: &'static str| {
        let sorted = text(move || {
            let sort = column.sort.get();
            match (sort.by == by, sort.descending) {
                (false, _) => "none",
                (true, false) => "ascending",
                (true, true) => "descending",
            }
            .to_owned()
        });
        view! {
            <th scope="col" class=class aria-sort=sorted>
                {title}
            </th>
        }
        .into_any()
    };
    view! {
        <div class="table" class:many=flag(move || column.many.get()) node_ref=scroller on:scroll=handler(move |_| look())>
            <table
                id=column.id()
                role=text(move || if bench.awake.get() { "grid" } else { "table" }.to_owned())
                aria-label=format!("{} entries", store.title())
                aria-rowcount=text(move || (column.shown.with(Shown::len) + 1).to_string())
                on:keydown=handler(move |event| press(column, event))
                on:focusin=handler(move |event: FocusEvent| arrive(column, event.target()))
            >
                <thead>
                    <tr aria-rowindex="1">
                        {heading(By::Name, "Entry", "")}
                        {heading(By::Value, "Content", "")}
                        {heading(By::Bytes, "Bytes", "number")}
                        {heading(By::Units, "UTF-16", "number")}
                        {heading(By::Ends, "Ends", "")}
                        {heading(By::Seen, "Seen by", "")}
                        <th scope="col" class="needs-script">
                            <span class="visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody node_ref=body>
                    <For each=move || column.slots.get() key=|slot| slot.key.clone() let:slot>
                        {row(column, slot)}
                    </For>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
