//! What the table shows now, as rows of HTML.

use super::{
    allowed::{can_delete, can_delete_any, can_edit, can_put},
    facts::{TITLES, about},
    html::{Cell, Row},
    order::By,
    rows,
    shape::mark,
    state::{Grid, HEADS},
    used::{Used, used},
    words::{ends, shortened},
};
use crate::{
    bench::cookies::button_id,
    browser::{Entry, Expires, Store, Who, cookies::seen_by, is_lab_name},
    text::{Within, marked},
    words::thousands,
};
use maud::{Markup, PreEscaped, html};

/// The head and the facts of the stores.
pub(super) fn heads(grid: Grid) -> Vec<Row> {
    let stores = grid.stores();
    let mut cells = vec![name_head(grid)];
    cells.extend(stores.iter().map(|store| store_head(grid, *store)));
    cells.push(Cell {
        tag: "th",
        attributes: vec![("role", "columnheader".into()), ("scope", "col".into())],
        content: html! { span.visually-hidden { "Actions" } }.into_string(),
        ..Cell::default()
    });
    let head = Row { key: "head".into(), attributes: row_attributes(0), cells };
    let facts = TITLES.into_iter().enumerate().map(|(at, title)| {
        let mut cells = vec![Cell {
            tag: "th",
            attributes: vec![("role", "rowheader".into()), ("scope", "row".into())],
            content: html! { (title) }.into_string(),
            ..Cell::default()
        }];
        cells.extend(stores.iter().map(|store| Cell {
            tag: "td",
            attributes: vec![("role", cell_role(grid)), ("class", store.slug().into())],
            content: html! { (mark(*store)) span { (about(*store).facts()[at]) } }.into_string(),
            ..Cell::default()
        }));
        cells.push(Cell { tag: "td", attributes: vec![("role", cell_role(grid))], ..Cell::default() });
        let mut attributes = row_attributes(at + 1);
        // Before scripts run nobody knows whether they are folded; on a narrow window they are then.
        attributes.push(("class", if grid.bench.awake.get() { "fact" } else { "fact early" }.into()));
        if !grid.facts.get() {
            attributes.push(("hidden", String::new()));
        }
        Row { key: title.into(), attributes, cells }
    });
    std::iter::once(head).chain(facts).collect()
}

fn row_attributes(place: usize) -> Vec<(&'static str, String)> {
    vec![("role", "row".into()), ("aria-rowindex", (place + 1).to_string())]
}

fn cell_role(grid: Grid) -> String {
    if grid.bench.awake.get() { "gridcell" } else { "cell" }.into()
}

fn sorted(grid: Grid, store: Option<Store>) -> String {
    let sort = grid.sort.get();
    match (sort.store == store && (store.is_some() || sort.by == By::Name), sort.descending) {
        (false, _) => "none",
        (true, false) => "ascending",
        (true, true) => "descending",
    }
    .into()
}

fn name_head(grid: Grid) -> Cell {
    let attributes = vec![
        ("role", "columnheader".into()),
        ("scope", "col".into()),
        ("aria-label", "Name".into()),
        ("aria-sort", sorted(grid, None)),
    ];
    let shown = grid.facts.get().to_string();
    let content = html! {
        span { "Name" }
        button.quiet.needs-script type="button" data-do="facts" aria-expanded=(shown) { "Facts" }
    };
    Cell { tag: "th", attributes, content: content.into_string(), ..Cell::default() }
}

fn store_head(grid: Grid, store: Store) -> Cell {
    let Used { amount, limit, words } = used(grid.panels, store);
    let title = store.title();
    let attributes = vec![
        ("role", "columnheader".into()),
        ("scope", "col".into()),
        ("class", store.slug().into()),
        ("aria-label", title.into()),
        ("aria-sort", sorted(grid, Some(store))),
        ("data-store", store.slug().into()),
    ];
    let content = html! {
        div.head {
            (mark(store))
            span.title { (title) }
            button.icon.needs-script type="button" id={ "menu-" (store.slug()) } data-do="menu" aria-label={ (title) " menu" } aria-haspopup="true"
                aria-expanded="false" aria-controls="column-menu" { (icon(Icon::More)) }
        }
        p.used { (words) }
        @if let Some(limit) = limit {
            meter min="0" max=(limit) value=(amount) aria-label={ (title) " used" } {}
        }
    };
    Cell { tag: "th", attributes, content: content.into_string(), ..Cell::default() }
}

/// The entries that are drawn, with gaps for those that are not.
pub(super) fn entries(grid: Grid) -> Vec<Row> {
    let places = grid.window();
    let shown = grid.shown.get();
    let mut drawn = Vec::with_capacity(places.len() + 3);
    let mut next = 0;
    let many = grid.many();
    for place in places {
        let Some(row) = shown.get(place) else { continue };
        drawn.extend(gap(next, place));
        drawn.push(entry_row(grid, place, row));
        next = place + 1;
    }
    if many {
        drawn.extend(gap(next, shown.len()));
    }
    drawn
}

fn gap(from: usize, to: usize) -> Option<Row> {
    (to > from).then(|| Row {
        key: format!("gap {from}"),
        attributes: vec![("class", "gap".into()), ("aria-hidden", "true".into()), (Row::GAP, (to - from).to_string())],
        cells: vec![Cell { tag: "td", attributes: Vec::new(), ..Cell::default() }],
    })
}

fn entry_row(grid: Grid, place: usize, row: rows::Row) -> Row {
    let (key, title, differs) = (row.key(), row.title(), row.differs());
    let ticked = grid.selected.with(|keys| keys.contains(&key));
    let mut cells = vec![Cell {
        tag: "th",
        attributes: vec![
            ("role", "rowheader".into()),
            ("scope", "row".into()),
            ("aria-label", title.clone()),
            ("tabindex", "-1".into()),
        ],
        content: html! {
            @if can_delete_any(row) {
                input.needs-script type="checkbox" data-do="tick" aria-label={ "Select " (title) } tabindex="-1";
            }
            bdi.name { (PreEscaped(marked(row.name(), Within::Name))) (row.distinction()) }
        }
        .into_string(),
        ..Cell::default()
    }];
    cells.extend(row.cells().map(|(store, entry)| match entry {
        Some(entry) => entry_cell(grid, row, &key, store, entry, differs),
        None => empty_cell(grid, row, &title, store),
    }));
    cells.push(Cell {
        tag: "td",
        attributes: vec![("role", cell_role(grid)), ("class", "row-actions".into()), ("tabindex", "-1".into())],
        content: html! {
            @if differs {
                span.row-differs title="The values differ" {
                    span aria-hidden="true" { "≠" }
                    span.visually-hidden { "values differ" }
                }
            }
            span.cell-buttons.needs-script {
                (button("inspect", &format!("Inspect {title}"), Icon::Inspect))
                @if can_put(row) && row.missing().next().is_some() {
                    (button("put", &format!("Put {title} in all"), Icon::PutInAll))
                }
                @if can_delete_any(row) {
                    (button("delete", &format!("Delete {title} everywhere"), Icon::Delete))
                }
            }
        }
        .into_string(),
        ..Cell::default()
    });
    let mut attributes = row_attributes(place + HEADS);
    attributes.push(("data-key", key));
    let class = match (differs, ticked) {
        (false, false) => "",
        (true, false) => "differing",
        (false, true) => "ticked",
        (true, true) => "differing ticked",
    };
    attributes.push(("class", class.into()));
    Row { key: row.key(), attributes, cells }
}

fn entry_cell(grid: Grid, row: rows::Row, key: &str, store: Store, entry: &Entry, differs: bool) -> Cell {
    let bench = grid.bench;
    let mut attributes = cell_attributes(grid, store);
    if let Some(who) = bench.journal.mark(store, &entry.key()) {
        attributes.push(("data-changed", Who::mark(who).into()));
    }
    if differs && entry.value.is_some() && entry.value.as_ref() != row.usual() {
        attributes.push(("data-differs", String::new()));
    }
    let (title, named) = (row.title(), store.title());
    let form = grid.editing.form(key, store);
    // While the value is edited nothing else may change in the cell: it would be written anew.
    let facts = form.is_none().then(|| facts_of(grid, store, entry));
    let content = html! {
        (mark(store))
        @if let Some(form) = &form {
            (form)
        } @else if let Some(value) = &entry.value {
            code { (PreEscaped(marked(&shortened(value), Within::Line))) }
        } @else {
            span.masked title="Scripts cannot read it" { "••••••••" }
        }
    };
    let buttons = html! {
        @if form.is_none() {
            span.cell-buttons.needs-script {
                @if can_edit(entry) {
                    (button("edit", &format!("Edit {title} in {named}"), Icon::Edit))
                }
                @if store == Store::Cookies && is_lab_name(&entry.name) {
                    button.icon type="button" id=(button_id(Some(entry))) data-do="attributes" tabindex="-1"
                        aria-label={ "Edit attributes of " (title) } title={ "Edit attributes of " (title) } {
                        (icon(Icon::Attributes))
                    }
                }
                @if can_delete(store, entry) {
                    (button("delete", &format!("Delete {title} from {named}"), Icon::Delete))
                }
            }
        }
    };
    Cell { tag: "td", attributes, content: content.into_string(), facts, buttons: buttons.into_string() }
}

fn cell_attributes(grid: Grid, store: Store) -> Vec<(&'static str, String)> {
    vec![
        ("role", cell_role(grid)),
        ("class", store.slug().into()),
        ("tabindex", "-1".into()),
        ("data-store", store.slug().into()),
    ]
}

/// `18 bytes · scripts only · ends with the tab`
fn facts_of(grid: Grid, store: Store, entry: &Entry) -> String {
    let bytes = thousands(entry.bytes.into());
    let size = match entry.units.filter(|units| *units != entry.bytes) {
        Some(units) => format!("{bytes} bytes, {} UTF-16 units", thousands(units.into())),
        None => format!("{bytes} bytes"),
    };
    let until = match entry.expires {
        Expires::Never => "never ends".to_owned(),
        Expires::Unknown => "end not told to scripts".to_owned(),
        _ => format!("ends {}", ends(store, entry, grid.bench)),
    };
    let seen = seen_by(store, entry, grid.bench.awake.get());
    let protected = if entry.protected { " · protected: log out to remove it" } else { "" };
    format!("{size} · {seen} · {until}{protected}")
}

fn empty_cell(grid: Grid, row: rows::Row, title: &str, store: Store) -> Cell {
    let mut attributes = cell_attributes(grid, store);
    attributes.push(("data-missing", String::new()));
    let content = html! {
        (mark(store))
        span.none { "—" }
        @if can_put(row) && grid.bench.awake.get() {
            span.cell-buttons.needs-script {
                (button("put", &format!("Put {title} in {}", store.title()), Icon::Put))
            }
        }
    };
    Cell { tag: "td", attributes, content: content.into_string(), ..Cell::default() }
}

/// The pictures of the buttons.
#[derive(Clone, Copy)]
enum Icon {
    More,
    Inspect,
    Put,
    PutInAll,
    Edit,
    Attributes,
    Delete,
}

fn icon(icon: Icon) -> Markup {
    let path = match icon {
        Icon::More => "M3 8h.01M8 8h.01M13 8h.01",
        Icon::Inspect => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.2 7.7 3.8 3.8",
        Icon::Put => "M8 3v10M3 8h10",
        Icon::PutInAll => "M2 8h8M7 4.5 10.5 8 7 11.5M13.5 3v10",
        Icon::Edit => "m3 13 .7-3L10.5 3.2l2.3 2.3L6 12.3 3 13Z",
        Icon::Attributes => "M2.5 5h6m3 0h2m-11 6h2m3 0h6M8.5 3.5v3m-4 3v3",
        Icon::Delete => "M3.5 4.5h9M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5",
    };
    html! { svg.picture aria-hidden="true" viewBox="0 0 16 16" width="16" height="16" { path d=(path); } }
}

/// A button of a row; the keyboard comes to it from its cell.
fn button(action: &str, label: &str, picture: Icon) -> Markup {
    html! {
        button.icon type="button" data-do=(action) aria-label=(label) title=(label) tabindex="-1" { (icon(picture)) }
    }
}
