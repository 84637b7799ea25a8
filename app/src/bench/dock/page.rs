//! The page `/dock`.

use super::{
    cookies, live, place,
    port::{self, Notice},
    stores::{self, ALWAYS, ONCE_USED},
};
use crate::{
    accounts::Account,
    bench::{
        grid::{grid, table, toolbar},
        limits,
        state::Bench,
        status::status,
        tools::{Panel, Panels, dialogs, tools},
    },
    browser::{
        Store,
        source::{self, AppPage},
    },
    json::Value,
    reactive::{State, Stored},
    sessions::Observation,
    ui::{Title, changing, effect, flag, text},
};
use leptos::{prelude::*, task::spawn_local};

/// The bench of the page around this one.
#[component]
pub(crate) fn DockPage() -> impl IntoView {
    let bench = State::new(None::<Bench>);
    let still = State::new(false);
    let owner = Stored::new(Owner::current());
    effect(move || {
        source::dock(AppPage {
            origin: port::origin,
            list: |store| Box::pin(stores::list(store)),
            cookies: || Box::pin(cookies::list()),
            write: |store, before, after| {
                Box::pin(async move {
                    match store {
                        Store::Cookies => cookies::write(before.as_ref(), after.as_ref()).await,
                        _ => stores::write(store, before.as_ref(), after.as_ref()).await,
                    }
                })
            },
            observe: || Box::pin(cookies::observe()),
            denied: stores::denied,
            sees_wire: cookies::sees_wire,
        });
        let connected = move || {
            spawn_local(async move {
                let Ok(seen) = cookies::observe().await else { return };
                match bench.try_get_untracked() {
                    Some(Some(bench)) => live::refresh(bench),
                    Some(None) => {
                        let made = owner.try_get_value().flatten().map(|owner| owner.with(|| new_bench(seen)));
                        let _ = bench.try_set(made);
                    }
                    None => {}
                }
            });
        };
        let told = move |notice: Notice| {
            let moved = notice.0.get("place");
            if moved.is_object() {
                place::keep(&moved);
            } else if let Some(Some(bench)) = bench.try_get_untracked() {
                live::hear(bench, &notice);
            }
        };
        port::meet(allowed(), still, connected, told);
    });
    view! {
        <main>
            <Title text="Dock" />
            <link rel="stylesheet" href="/dock.css" />
            <div class="wide dock">
                <h1 class="visually-hidden">"The stores of this page"</h1>
                <noscript>
                    <p class="note">"The bench needs scripts: only they reach the page's stores."</p>
                </noscript>
                {changing(move || match bench.get() {
                    Some(bench) => untrack(|| panel(bench, still)),
                    None => view! { <p role="status">"Waiting for the page around this one…"</p> }.into_any(),
                })}
            </div>
        </main>
    }
}

/// The origins whose pages may have this one in a frame, as the page's data block names them.
fn allowed() -> Vec<String> {
    #[cfg(feature = "ssr")]
    return Vec::new();
    #[cfg(not(feature = "ssr"))]
    crate::json::take(crate::json::DOCKED_IN).unwrap_or_default()
}

fn new_bench(seen: Observation) -> Bench {
    let bench = Bench::new(seen, Account::of_nobody());
    bench.columns.set(ALWAYS.to_vec());
    bench
}

fn panel(bench: Bench, still: State<bool>) -> AnyView {
    let panels = Panels::new(bench);
    let grid = grid(panels);
    effect(move || {
        bench.wake();
        live::listen(bench);
        limits::wake();
        grid.wake();
        // The panel is low: the entries come first.
        grid.facts.set(false);
    });
    effect(move || {
        let is_used = |store: &Store| !bench.entries(*store).read().is_empty();
        let columns: Vec<_> = ALWAYS.into_iter().chain(ONCE_USED.into_iter().filter(is_used)).collect();
        if bench.columns.with_untracked(|before| *before != columns) {
            bench.columns.set(columns);
        }
    });
    let wire = text(move || {
        bench.observed.track();
        match cookies::sees_wire() {
            true => "What travels is seen: the page's requests come through Storage Lab.",
            false => {
                "What travels is not seen, HttpOnly cookies neither: this page does not come through Storage Lab. Open the app \
                 at the address that the lab named at its start."
            }
        }
        .to_owned()
    });
    let waits = view! {
        <p role="status" hidden=flag(move || !still.get())>
            {text(move || {
                if still.get() { "The page does not answer yet. What was asked of it waits." } else { "" }.to_owned()
            })}
        </p>
    };
    view! {
        {status(bench, waits.into_any())}
        {toolbar(grid, ().into_any())}
        <div class="bench" class:beside=flag(move || panels.tool.read().is_some())>
            <div class="stores">{table(grid)}</div>
            {tools(panels, &Panel::TABS_OF_APP)}
        </div>
        <div class="bench-foot">
            <p class="hint">{wire} " IndexedDB, Cache Storage and OPFS have a column once they hold something."</p>
            <a href="/app" target="_blank" rel="noopener">"What went over the wire"</a>
        </div>
        {dialogs(panels)}
    }
    .into_any()
}
