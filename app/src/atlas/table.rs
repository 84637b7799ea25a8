//! The tables: a row for each question, a column for each browser, the visitor's own first. A cell opens to its evidence.

use super::{
    Cell, Column, Conclusion, Listed,
    model::reference,
    row::{Found, Row, markers},
};
use crate::{
    bench::survival::Event,
    experiments::{CATALOGUE, Group},
    reactive::State,
    ui::{changing, text},
    words::date_of,
};
use leptos::prelude::*;
use std::sync::Arc;

/// What the tables show.
#[derive(Clone)]
struct Board {
    all: Arc<Vec<Listed>>,
    /// The visitor's own column, once scripts have read it.
    own: State<Option<Column>>,
}

impl Board {
    /// The column that the visitor's own differs from in this row.
    fn differs_from(&self, row: Row) -> Option<String> {
        let own = self.own.read();
        let own = own.as_ref()?;
        let found = row.found(own)?;
        let reference = reference(&self.all, own)?;
        row.found(reference)
            .filter(|other| *other != found)
            .map(|_| format!("{} {}", reference.browser, reference.version))
    }

    fn stands_out(&self, row: Row) -> bool {
        row.differs(&self.all) || self.differs_from(row).is_some()
    }
}

/// All of them, with the control that leaves only what differs.
pub(super) fn tables(all: Vec<Listed>, own: State<Option<Column>>) -> AnyView {
    if all.is_empty() {
        return view! { <p class="empty">"Nothing has been measured yet."</p> }.into_any();
    }
    let board = Board { all: Arc::new(all), own };
    let only = State::new(false);
    let rows: Arc<[Row]> = rows(&board.all).into();
    let groups = Group::ALL.into_iter().filter_map(|group| experiments(&board, group));
    let counted = {
        let board = board.clone();
        text(move || {
            let differing = rows.iter().filter(|row| board.stands_out(**row)).count();
            format!("{differing} of {} rows differ.", rows.len())
        })
    };
    view! {
        <div class="filter needs-script">
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=only.flag()
                    on:change=only.ticked()
                />
                "Only what differs"
            </label>
            <p class="hint" role="status">
                {counted}
            </p>
        </div>
        <div class="tables" class:only=only.flag()>
            {groups.collect_view()}
            {matrix(&board)}
        </div>
    }
    .into_any()
}

fn rows(all: &[Listed]) -> Vec<Row> {
    let experiments = CATALOGUE.iter().map(Row::Experiment);
    experiments.chain(markers().filter(|row| row.is_answered(all))).collect()
}

fn experiments(board: &Board, group: Group) -> Option<AnyView> {
    let mut members = CATALOGUE.iter().filter(|experiment| experiment.group == group).peekable();
    members.peek()?;
    let id = format!("group-{}", group as u8);
    let rows: Vec<_> = members.map(|experiment| row(board, Row::Experiment(experiment))).collect();
    let view = view! {
        <section aria-labelledby=id>
            <h2 id=id.clone()>{group.title()}</h2>
            {table(board, id.clone(), "Experiment", view! { <tbody role="rowgroup">{rows}</tbody> }.into_any())}
        </section>
    };
    Some(view.into_any())
}

fn matrix(board: &Board) -> AnyView {
    let answered = |row: &Row| row.is_answered(&board.all);
    let events = Event::ALL.into_iter().filter_map(|event| {
        let of_event = |row: &Row| matches!(row, Row::Marker(other, _) if *other == event);
        let mut rows = markers().filter(of_event).filter(answered).peekable();
        rows.peek()?;
        let rows = rows.map(|marker| row(board, marker)).collect();
        Some(group(board, event.heading(), rows))
    });
    // What the visitor alone has tried, such as quitting the browser.
    let alone = {
        let board = board.clone();
        changing(move || {
            let own = board.own.read();
            let tried = |row: &Row| own.as_ref().is_some_and(|own| row.found(own).is_some());
            let rows: Vec<_> = markers().filter(|row| tried(row) && !row.is_answered(&board.all)).collect();
            drop(own);
            let rows: Vec<_> = rows.into_iter().map(|marker| row(&board, marker)).collect();
            (!rows.is_empty()).then(|| group(&board, "Tried in your browser alone".to_owned(), rows))
        })
    };
    let id = "matrix-heading";
    let body = view! {
        {events.collect_view()}
        {alone}
    };
    view! {
        <section aria-labelledby=id>
            <h2 id=id>"Survival"</h2>
            <p class="hint">
                "What became of a marker that lay in each store, at each event of the " <a href="/">"bench"</a> "."
            </p>
            {table(board, id.to_owned(), "Event and store", body.into_any())}
        </section>
    }
    .into_any()
}

/// The rows of an event under its name.
fn group(board: &Board, heading: String, rows: Vec<AnyView>) -> AnyView {
    let span = board.all.len() + 2;
    view! {
        <tbody role="rowgroup">
            <tr role="row" class="group">
                <th role="rowheader" scope="rowgroup" colspan=span>
                    {heading}
                </th>
            </tr>
            {rows}
        </tbody>
    }
    .into_any()
}

fn table(board: &Board, labelled_by: String, first: &'static str, body: AnyView) -> AnyView {
    view! {
        <div class="table">
            <table role="table" aria-labelledby=labelled_by>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">
                            {first}
                        </th>
                        <th role="columnheader" scope="col" class="needs-script">
                            "Your browser"
                            {own_facts(board.own)}
                        </th>
                        {board.all.iter().map(head).collect_view()}
                    </tr>
                </thead>
                {body}
            </table>
        </div>
    }
    .into_any()
}

fn own_facts(own: State<Option<Column>>) -> AnyView {
    let facts = text(move || match &*own.read() {
        Some(Column { browser, version, scheme, .. }) => format!("{browser} {version}, {}", scheme.title()),
        None => String::new(),
    });
    view! { <span class="hint">{facts}</span> }.into_any()
}

fn head(Listed { column, imported }: &Listed) -> AnyView {
    let Column { system, measured, lab, .. } = column;
    view! {
        <th role="columnheader" scope="col">
            {column.to_string()}
            <span class="hint">{format!("{system}, {}, lab {lab}", date_of(measured))}</span>
            {imported.as_ref().map(|name| view! { <span class="tag">{imported_as(name)}</span> })}
        </th>
    }
    .into_any()
}

fn imported_as(name: &str) -> String {
    if name.is_empty() { "imported".to_owned() } else { format!("imported: {name}") }
}

fn row(board: &Board, row: Row) -> AnyView {
    let differ = row.differs(&board.all);
    let class = {
        let board = board.clone();
        text(move || if board.stands_out(row) { "differ" } else { "same" }.to_owned())
    };
    let id = match row {
        Row::Experiment(experiment) => Some(experiment.slug),
        Row::Marker(..) => None,
    };
    view! {
        <tr role="row" id=id class=class>
            <th role="rowheader" scope="row">
                {question(row)}
                {differ
                    .then(|| {
                        view! {
                            " "
                            <span class="tag">
                                <span aria-hidden="true">"≠ "</span>
                                "differ"
                            </span>
                        }
                    })}
            </th>
            {own_cell(board, row)}
            {board.all.iter().map(|listed| cell(row, listed)).collect_view()}
        </tr>
    }
    .into_any()
}

fn question(row: Row) -> AnyView {
    match row {
        Row::Experiment(experiment) => view! {
            <a href=row.way()>{experiment.title}</a>
            <span class="hint">{experiment.question}</span>
        }
        .into_any(),
        Row::Marker(event, store) => view! {
            <span class="visually-hidden">{format!("{}, ", event.title())}</span>
            {store.title()}
        }
        .into_any(),
    }
}

/// The visitor's own: what came out, or the way to try it.
fn own_cell(board: &Board, row: Row) -> AnyView {
    let board = board.clone();
    let content = changing(move || {
        let answer = board.own.read().as_ref().and_then(|own| answer(row, own));
        match answer {
            Some(answer) => {
                let differs = board.differs_from(row).map(|other| {
                    view! { <strong class="tag">{format!("differs from {other}")}</strong> }
                });
                view! {
                    {answer}
                    {differs}
                }
                .into_any()
            }
            None => view! {
                <a href=row.way()>"Try it" <span class="visually-hidden">{format!(" {}", row.title())}</span></a>
            }
            .into_any(),
        }
    });
    view! {
        <td role="cell" class="needs-script" data-title="Your browser">
            {content}
        </td>
    }
    .into_any()
}

fn cell(row: Row, Listed { column, .. }: &Listed) -> AnyView {
    let content = answer(row, column).unwrap_or_else(|| view! { <span class="hint">"Not tried"</span> }.into_any());
    view! {
        <td role="cell" data-title=column.to_string()>
            {content}
        </td>
    }
    .into_any()
}

/// What a column says to a question, with its evidence folded away; nothing where it was not tried.
fn answer(row: Row, column: &Column) -> Option<AnyView> {
    let Found { sign, words, class, .. } = row.found(column)?;
    let view = view! {
        <details class=class>
            <summary>
                <span aria-hidden="true">{sign} " "</span>
                {words}
            </summary>
            <div class="evidence-of">
                {evidence(row, column)} <p class="hint">{column.provenance()}</p>
            </div>
        </details>
    };
    Some(view.into_any())
}

fn evidence(row: Row, column: &Column) -> Option<AnyView> {
    match row {
        Row::Experiment(experiment) => {
            let Conclusion { answer, words, figures, .. } = column.experiments.get(experiment.slug)?;
            let choice = answer.and_then(|answer| experiment.choices.get(answer as usize));
            let figures = figures.iter().map(|figure| {
                let bars = figure.bars.iter().map(|bar| view! { <li>{format!("{}: {}", bar.name, bar.words)}</li> });
                view! {
                    <p>{figure.title.clone()}</p>
                    <ul>{bars.collect_view()}</ul>
                }
            });
            let view = view! {
                <p>{words.clone()}</p>
                {choice.map(|choice| view! { <p>{format!("Right was: {choice}")}</p> })}
                {figures.collect_view()}
            };
            Some(view.into_any())
        }
        Row::Marker(event, store) => {
            let Cell { before, after, .. } = column.matrix.get(&event)?.get(&store)?;
            let said =
                |when: &str, what: &str| (!what.is_empty()).then(|| view! { <p>{format!("{when}: {what}.")}</p> });
            let view = view! {
                {said("Before", before)}
                {said("After", after)}
            };
            Some(view.into_any())
        }
    }
}
