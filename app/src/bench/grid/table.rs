//! The table in the document: it is drawn again whenever something has changed that it shows, cell by cell.

use super::{
    draw,
    html::{Drawn, Row},
    keys, menu,
    state::{Grid, HEADS, ID, Shown},
    window::first_in_sight,
};
use crate::{
    reactive::Stored,
    ui::{changing, effect, flag, handler, text},
};
use leptos::{html::Table, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// The table, and what stands in its place while it is empty.
pub(in crate::bench) fn table(grid: Grid) -> AnyView {
    let bench = grid.bench;
    let node = NodeRef::<Table>::new();
    let look = look_at_rows(grid);
    let (mut head_drawn, mut body_drawn) = (Drawn::default(), Drawn::default());
    effect(move || {
        let Some(table) = node.get() else { return };
        let (heads, entries) = (draw::heads(grid), draw::entries(grid));
        if !bench.awake.get() {
            return;
        }
        if let (Some(head), Some(body)) = (table.t_head(), table.t_bodies().item(0)) {
            head_drawn.update(&head, heads);
            body_drawn.update(&body, entries);
            reach(grid, &table);
        }
        look();
    });
    let html = untrack(|| {
        let rows = |rows: Vec<Row>| rows.iter().map(Row::html).collect::<String>();
        format!(
            r#"<thead role="rowgroup">{}</thead><tbody role="rowgroup">{}</tbody>"#,
            rows(draw::heads(grid)),
            rows(draw::entries(grid))
        )
    });
    view! {
        {changing(move || grid.adding.get().zip(grid.loaded()).map(|(store, lazy)| (lazy.add)(grid, store)))}
        <div class="rows" class:many=flag(move || grid.many()) on:scroll=handler(move |_| look())>
            <table
                id=ID
                node_ref=node
                role=text(move || if bench.awake.get() { "grid" } else { "table" }.to_owned())
                aria-label="What each store holds"
                aria-rowcount=text(move || (grid.shown.with(Shown::len) + HEADS).to_string())
                on:click=handler(move |event| keys::click(grid, event))
                on:submit=handler(move |event| keys::submit(grid, event))
                on:keydown=handler(move |event| keys::press(grid, event))
                on:focusin=handler(move |event| keys::arrive(grid, event))
                inner_html=html
            ></table>
            <p class="empty" hidden=flag(move || grid.shown.with(Shown::len) > 0)>
                {text(move || nothing(grid).to_owned())}
            </p>
        </div>
        {menu::place(grid)}
    }
    .into_any()
}

fn nothing(grid: Grid) -> &'static str {
    let filtered = grid.shown.with(|shown| shown.rows.len() > 0);
    match (filtered, grid.bench.awake.get()) {
        (true, _) => "No entry meets the filter.",
        (false, false) => "No cookie reached the server, and it keeps no session for you.",
        (false, true) => "Nothing here yet. Put a value into the form above and see which stores take it.",
    }
}

/// Looks which rows are in sight: at most once a frame, at its beginning, when the layout is settled.
fn look_at_rows(grid: Grid) -> impl Fn() + Copy + Send + Sync + 'static {
    let waiting = Stored::new(false);
    move || {
        if waiting.get_value() {
            return;
        }
        waiting.set_value(true);
        request_animation_frame(move || {
            if waiting.try_update_value(|waiting| *waiting = false).is_none() {
                return;
            }
            let Some(table) = document().get_element_by_id(ID) else { return };
            let Some(scroller) = table.parent_element() else { return };
            let count = grid.shown.with_untracked(Shown::len);
            let body = table.query_selector("tbody").ok().flatten();
            let first = match (untrack(|| grid.many()), body) {
                (true, Some(body)) => first_in_sight(scroller.scroll_top().into(), body.client_height().into(), count),
                _ => 0,
            };
            if grid.first.get_untracked() != first {
                grid.first.set(first);
            }
        });
    }
}

/// One stop of the Tab key for the grid, and from there the buttons of that row; and the ticks, which are not attributes.
fn reach(grid: Grid, table: &Element) {
    let (place, cell) = grid.active.get();
    let place = place.min(grid.shown.with(Shown::len).saturating_sub(1));
    let each = |selector: &str, of: &dyn Fn(&Element)| {
        let Ok(found) = table.query_selector_all(selector) else { return };
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).for_each(|element: Element| of(&element));
    };
    each("tbody [tabindex=\"0\"]", &|element| drop(element.set_attribute("tabindex", "-1")));
    let row = format!("tbody [aria-rowindex=\"{}\"]", place + HEADS + 1);
    each(&format!("{row} > :nth-child({}), {row} :is(button, input)", cell + 1), &|element| {
        let _ = element.set_attribute("tabindex", "0");
    });
    let selected = grid.selected.get();
    each("tbody [data-do=tick]", &|element| {
        let key = element.closest("tr").ok().flatten().and_then(|row| row.get_attribute("data-key"));
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.set_checked(key.is_some_and(|key| selected.contains(&key)));
        }
    });
}
