//! How much a store holds, and what the browser holds of a server session.

use crate::{
    bench::{state::Bench, tools::Panels},
    browser::{COOKIE_LIMIT_BYTES, Entries, Store, WEB_STORAGE_LIMIT_UNITS},
    sessions::SESSION_LIMIT_BYTES,
    ui::{changing, date, flag, handler, text, thousands},
};
use leptos::prelude::*;

/// How much of the store is used, measured from its entries now, against the limit that was measured in this browser or
/// that the textbooks give.
pub(super) fn used(panels: Panels, store: Store, entries: Memo<Entries>) -> AnyView {
    let textbook = match store {
        Store::Cookies => COOKIE_LIMIT_BYTES,
        Store::SessionStorage | Store::LocalStorage => WEB_STORAGE_LIMIT_UNITS,
        Store::ServerSession => SESSION_LIMIT_BYTES,
        _ => 0,
    };
    let measured =
        move || panels.measuring.limits.read().as_ref().and_then(|limits| Some((limits.of(store)?, limits.at)));
    let limit = move || measured().map_or(textbook, |(limit, _)| limit);
    let used_now = move || {
        entries.with(|entries| match store {
            Store::Cookies => entries.iter().map(|entry| entry.bytes).max().unwrap_or(0),
            Store::SessionStorage | Store::LocalStorage => entries.iter().filter_map(|entry| entry.units).sum(),
            _ => entries.iter().map(|entry| entry.bytes).sum(),
        })
    };
    let words = move || {
        let (used, limit) = (thousands(used_now().into()), thousands(limit().into()));
        let by = measured().map_or("the textbook limit".to_owned(), |(_, at)| format!("measured here on {}", date(at)));
        match store {
            Store::Cookies => {
                let total: u32 = entries.with(|entries| entries.iter().map(|entry| entry.bytes).sum());
                format!("Largest cookie {used} of {limit} bytes, {by}; all together {} bytes", thousands(total.into()))
            }
            Store::ServerSession => format!("{used} of {limit} bytes, this server's limit"),
            _ => format!("{used} of {limit} UTF-16 units, {by}"),
        }
    };
    let unread = move || !panels.bench.awake.get() && matches!(store, Store::SessionStorage | Store::LocalStorage);
    let can_measure = store != Store::ServerSession && textbook > 0;
    view! {
        <div class="used">
            <meter
                min="0"
                max=text(move || limit().to_string())
                value=text(move || used_now().to_string())
                aria-label=format!("{} used", store.title())
            ></meter>
            <p>
                {text(move || match (unread(), panels.bench.is_denied(store)) {
                    (true, _) => "Only scripts can measure this store.".to_owned(),
                    (_, true) => "Not measured: the browser denies scripts of this page the store.".to_owned(),
                    _ => words(),
                })}
                {can_measure.then(|| measure_it(panels, store))}
            </p>
        </div>
    }
    .into_any()
}

/// The way to the panel that finds the limit out, until it is known.
fn measure_it(panels: Panels, store: Store) -> AnyView {
    let known = move || panels.measuring.limits.read().as_ref().is_some_and(|limits| limits.of(store).is_some());
    let open = move |_| {
        panels.measure_limits();
    };
    view! {
        <button
            type="button"
            class="link needs-script"
            aria-label=format!("Measure the limit of {}", store.title())
            hidden=flag(move || known() || !panels.bench.awake.get())
            on:click=handler(open)
        >
            "measure it"
        </button>
    }
    .into_any()
}

/// The one thing that the browser holds of a server session.
pub(super) fn held_id(bench: Bench) -> AnyView {
    view! {
        <p class="held">
            {changing(move || bench.observed.with(|seen| match &seen.session {
                None => view! { "No session yet: no cookie is set before you put something here." }.into_any(),
                Some(session) => {
                    let owner = match &session.username {
                        Some(name) => format!(", logged in as {name}"),
                        None => ", anonymous".to_owned(),
                    };
                    view! {
                        "Your browser holds: " <code>{format!("{}.••••••••", session.id)}</code>
                        {format!(" (the id and a secret, in the cookie __Host-session{owner})")}
                    }
                        .into_any()
                }
            }))}
        </p>
    }
    .into_any()
}
