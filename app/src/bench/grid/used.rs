//! How much a store holds, and what the browser holds of a server session.

use crate::{
    bench::{
        model::{COOKIE_LIMIT_BYTES, SESSION_LIMIT_BYTES, Store, WEB_STORAGE_LIMIT_UNITS},
        state::{Bench, Entries},
    },
    ui::{text, thousands},
};
use leptos::prelude::*;

/// How much of the store is used, measured from its entries now, against the limit that the textbooks give.
pub(super) fn used(bench: Bench, store: Store, entries: Memo<Entries>) -> AnyView {
    let limit = match store {
        Store::Cookies => COOKIE_LIMIT_BYTES,
        Store::SessionStorage | Store::LocalStorage => WEB_STORAGE_LIMIT_UNITS,
        Store::ServerSession => SESSION_LIMIT_BYTES,
        _ => 0,
    };
    let used_now = move || {
        entries.with(|entries| match store {
            Store::Cookies => entries.iter().map(|entry| entry.bytes).max().unwrap_or(0),
            Store::SessionStorage | Store::LocalStorage => entries.iter().filter_map(|entry| entry.units).sum(),
            _ => entries.iter().map(|entry| entry.bytes).sum(),
        })
    };
    let words = move || {
        let (used, limit) = (thousands(used_now().into()), thousands(limit.into()));
        match store {
            Store::Cookies => {
                let total: u32 = entries.with(|entries| entries.iter().map(|entry| entry.bytes).sum());
                format!("Largest cookie {used} of {limit} bytes; all together {} bytes", thousands(total.into()))
            }
            Store::ServerSession => format!("{used} of {limit} bytes, this server's limit"),
            _ => format!("{used} of {limit} UTF-16 units, the textbook limit"),
        }
    };
    let unread = move || !bench.awake.get() && matches!(store, Store::SessionStorage | Store::LocalStorage);
    view! {
        <div class="used">
            <meter min="0" max=limit value=text(move || used_now().to_string()) aria-label=format!("{} used", store.title())></meter>
            <p>{text(move || if unread() { "Only scripts can measure this store.".to_owned() } else { words() })}</p>
        </div>
    }
    .into_any()
}

/// The one thing that the browser holds of a server session.
pub(super) fn held_id(bench: Bench) -> AnyView {
    view! {
        <p class="held">
            {move || bench.observed.with(|seen| match &seen.session {
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
            })}
        </p>
    }
    .into_any()
}
