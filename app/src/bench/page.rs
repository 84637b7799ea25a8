//! The page `/`.

use super::{
    columns,
    deposit::deposit,
    grid::{FILTER_FIELD, grid, table, toolbar},
    limits,
    live::Live,
    shortcuts,
    state::Bench,
    status::status,
    survival,
    tools::{Panel, Panels, cookie_form, dialogs, fetched, tools},
    tour::{AGAIN_ID, Tour, offer},
};
use crate::{
    AppError,
    accounts::Account,
    browser::Store,
    reactive::State,
    sessions::{Observation, observe},
    ui::{ThemeChoice, Title, changing, effect, flag, handler, text},
    words::thousands,
};
use leptos::{prelude::*, task::spawn_local};

/// The bench: what the server saw comes with the page, what scripts see joins it once they run.
#[component]
pub(crate) fn BenchPage() -> impl IntoView {
    let account = expect_context::<Account>();
    let theme = expect_context::<ThemeChoice>();
    let first = State::new(first_observation());
    effect(move || {
        if first.read_untracked().is_none() {
            spawn_local(async move { drop(first.try_set(Some(observe().await))) });
        }
    });
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
            {changing(move || match first.get() {
                None => view! { <p role="status">"Asking the server…"</p> }.into_any(),
                Some(Ok(seen)) => untrack(|| panel(Bench::new(seen, account), theme)),
                Some(Err(error)) => view! { <p class="error" role="alert">{error.to_string()}</p> }.into_any(),
            })}
        </div>
    }
}

/// What the server saw of the request for this page; `None` where the page was reached from another one, and asks for it.
fn first_observation() -> Option<Result<Observation, AppError>> {
    #[cfg(feature = "ssr")]
    return crate::sessions::first_observation();
    #[cfg(not(feature = "ssr"))]
    crate::json::take(crate::json::OBSERVATION)
}

fn panel(bench: Bench, theme: ThemeChoice) -> AnyView {
    let (panels, live) = (Panels::new(bench), Live::new());
    let grid = grid(panels);
    // The theme is an entry like others: edited, deleted or brought back here, it shows.
    let local_storage = bench.entries(Store::LocalStorage);
    effect(move || {
        local_storage.track();
        theme.read_again();
    });
    effect(move || {
        bench.wake();
        live.listen(bench);
        limits::wake();
        grid.wake();
        columns::restore(bench);
        shortcuts::listen(bench, FILTER_FIELD, panels.keys_listed);
        panels.tour.set(Tour::remembered());
        if survival::is_named() {
            panels.tool.set(Some(Panel::Survival));
        }
    });
    view! {
        {deposit(bench)}
        {status(bench, offer(bench, panels.tour))}
        {toolbar(grid, columns::switch(bench))}
        <div class="bench" class:beside=flag(move || panels.tool.read().is_some())>
            <div class="stores">{table(grid)} {cookie_form(panels)}</div>
            {tools(panels, &Panel::TABS)}
        </div>
        {travelled(bench)}
        {reset(panels)}
        {foot(panels, live)}
        {dialogs(panels)}
        {changing(move || matches!(panels.tour.get(), Tour::Open(_)).then(|| fetched(Panel::Tour, panels)))}
    }
    .into_any()
}

/// How the page hears of changes, and the way back to the tour.
fn foot(panels: Panels, live: Live) -> AnyView {
    let hears = text(move || if panels.bench.awake.get() { live.words() } else { String::new() });
    view! {
        <div class="bench-foot needs-script">
            <p class="hint">{hears}</p>
            <button type="button" class="quiet" id=AGAIN_ID on:click=handler(move |_| panels.tour.set(Tour::Open(AGAIN_ID)))>
                "Show the tour"
            </button>
        </div>
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

/// The button that removes all that the lab made. What it asks first comes with the tools.
fn reset(panels: Panels) -> AnyView {
    let asked = State::new(0_u32);
    view! {
        <div class="reset-lab needs-script">
            <button type="button" on:click=handler(move |_| asked.update(|asked| *asked += 1))>
                "Reset the lab"
            </button>
            {changing(move || (asked.get() > 0).then(|| fetched(Panel::Reset, panels)))}
        </div>
    }
    .into_any()
}
