//! The page `/atlas`. Without scripts it shows what was measured elsewhere; with them, the visitor's own browser beside it.

use super::{Column, api::load_atlas, record, table::tables};
use crate::{
    json::Json,
    reactive::State,
    ui::{Title, download, effect, flag, handler, text},
    words::date_of,
};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

/// `/atlas`.
#[component]
pub(crate) fn AtlasPage() -> impl IntoView {
    let own = State::new(None::<Column>);
    effect(move || own.set(record::load()));
    let all = Resource::<_, Json>::new_with_options(|| (), |()| load_atlas(), false);
    view! {
        <Title text="Atlas" />
        <div class="wide atlas">
            <p class="trail">
                <a href="/experiments">"Experiments"</a>
            </p>
            <h1>"What was measured in other browsers"</h1>
            <p class="lead">
                "Every experiment and every cell of the survival matrix, as each browser answered it when it was run there.
                Open a cell to see what it rests on."
            </p>
            <noscript>
                <p class="note">"Scripts are off. Your own browser’s column needs them; all others are here."</p>
            </noscript>
            {of_ones_own(own)}
            <Suspense fallback=|| view! { <p role="status">"Asking the server…"</p> }>
                {move || Suspend::new(async move {
                    match all.await {
                        Ok(all) => {
                            effect(go_to_named);
                            tables(all, own)
                        }
                        Err(error) => view! { <p class="error" role="alert">{error.to_string()}</p> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

/// Shows the row that the address names: where the page was reached by a link of the app, it was not there yet when the
/// browser looked for it.
fn go_to_named() {
    spawn_local(async {
        TimeoutFuture::new(0).await;
        let named = window().location().hash().unwrap_or_default();
        let row = named.strip_prefix('#').and_then(|id| document().get_element_by_id(id));
        if let Some(row) = row {
            row.scroll_into_view();
        }
    });
}

/// What is kept of the visitor's own browser, and what can be done with it.
fn of_ones_own(own: State<Option<Column>>) -> AnyView {
    let says = State::new(String::new());
    let words = text(move || match &*own.read() {
        Some(column) => {
            let Column { browser, version, engine, system, scheme, measured, .. } = column;
            let cells: usize = column.matrix.values().map(|cells| cells.len()).sum();
            format!(
                "{browser} {version} ({engine}) on {system}, {}, last measured on {}: {} and {} of the matrix. It is kept \
                 in this browser alone.",
                scheme.condition(),
                date_of(measured),
                count(column.experiments.len(), "experiment"),
                count(cells, "cell"),
            )
        }
        None => "Nothing is kept of your own browser yet. Run an experiment, or an event on the bench: what \
                                comes out is kept here, in this browser alone, and stands in the first column."
            .to_owned(),
    });
    let export = move |_| {
        let Some(column) = own.get_untracked() else { return };
        let words = match download("storage-lab-atlas.json", "application/json", &record::file(column)) {
            Ok(()) => "Exported as storage-lab-atlas.json.",
            Err(_) => "The browser refused to make the file.",
        };
        says.set(words.to_owned());
    };
    let forget = move |_| {
        record::forget();
        own.set(record::load());
        let words = match own.read_untracked().is_none() {
            true => "Your column is forgotten.",
            false => "The browser refused to forget it.",
        };
        says.set(words.to_owned());
    };
    view! {
        <section class="card needs-script" aria-labelledby="own-heading">
            <h2 id="own-heading">"Your browser"</h2>
            <p>{words}</p>
            <div class="buttons" hidden=flag(move || own.read().is_none())>
                <button type="button" on:click=handler(export)>
                    "Export my column"
                </button>
                <button type="button" class="quiet" on:click=handler(forget)>
                    "Forget my column"
                </button>
            </div>
            <p class="hint" role="status">
                {says.text()}
            </p>
        </section>
    }
    .into_any()
}

/// `1 cell`, `2 cells`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
