//! The page `/`.

use super::{
    columns,
    deposit::deposit,
    grid::{View, column, search},
    observe, shortcuts,
    state::Bench,
    survival,
    tools::{Part, dialogs, tools},
};
use crate::{
    accounts::Account,
    ui::{flag, text, thousands},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;

/// The bench: what the server saw comes with the page, what scripts see joins it once they run.
#[component]
pub(crate) fn BenchPage() -> impl IntoView {
    let account = expect_context::<Account>();
    let first = Resource::new(|| (), |()| observe());
    view! {
        <Title text="" />
        <div class="wide">
            <h1>"See where the web keeps things"</h1>
            <p class="lead">
                "Put the same value in a cookie, in sessionStorage, in localStorage and in a server session. Then watch who
                has it, who can read it and what travels."
            </p>
            <noscript>
                <p class="note">
                    "Scripts are off. You see what the server can show: the cookies that reached it and the session it keeps.
                    To read sessionStorage and localStorage, and to put values in, the page needs JavaScript: only scripts
                    can reach those two stores."
                </p>
            </noscript>
            <Suspense fallback=|| view! { <p role="status">"Asking the server…"</p> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok(seen) => panel(Bench::new(seen, account)),
                        Err(error) => view! { <p class="error" role="alert">{error.to_string()}</p> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

fn panel(bench: Bench) -> AnyView {
    let view = View::new(bench);
    Effect::new(move || {
        bench.wake();
        view.wake();
        columns::restore(bench);
        shortcuts::listen(view);
        if survival::is_named() {
            bench.tool.set(Some(Part::Survival));
        }
    });
    view! {
        {deposit(bench)}
        <div class="status-bar" class:on=flag(move || !bench.status.read().is_empty())>
            <p role="status">{bench.status}</p>
            <div class="buttons">
                <button
                    type="button"
                    hidden=flag(move || !bench.history.can_undo())
                    on:click=move |_| spawn_local(bench.history.undo(bench))
                >
                    "Undo"
                </button>
                <button
                    type="button"
                    hidden=flag(move || !bench.history.can_redo())
                    on:click=move |_| spawn_local(bench.history.redo(bench))
                >
                    "Redo"
                </button>
            </div>
        </div>
        {columns::switch(bench)}
        {search(view)}
        <div class="bench">
            <For each=move || bench.columns.get() key=|store| *store let:store>
                {column(view, store)}
            </For>
        </div>
        {travelled(bench)}
        {tools(bench)}
        {dialogs(view)}
    }
    .into_any()
}

/// What the last request to the server carried.
fn travelled(bench: Bench) -> AnyView {
    let carried = text(move || match bench.observed.read().cookie_header_bytes {
        0 => "No cookie. ".to_owned(),
        bytes => format!(
            "{} bytes of cookies; over a thousand requests that makes {} bytes. ",
            thousands(bytes.into()),
            thousands(u64::from(bytes) * 1_000),
        ),
    });
    view! {
        <section class="card travelled" aria-labelledby="travelled-heading">
            <h2 id="travelled-heading">"What travelled with the last request"</h2>
            <p>
                {carried} "Nothing of sessionStorage or localStorage: they never leave the browser by themselves."
            </p>
        </section>
    }
    .into_any()
}
