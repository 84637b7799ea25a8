//! One store's column: what it is, what it holds, and what can be done to it.

use super::{
    about::{About, about},
    add::add,
    further,
    table::entries,
    used::{held_id, used},
    view::View,
};
use crate::{
    bench::cookies::open_button,
    browser::Store,
    ui::{changing, flag, handler},
};
use leptos::prelude::*;

/// The region of one store.
pub(in crate::bench) fn column(view: View, store: Store) -> AnyView {
    let About { line, read_by, travels, lives, ends } = about(store);
    let bench = view.bench;
    let is_further = Store::OPTIONAL.contains(&store);
    let column = view.column(store);
    let heading = format!("{}-heading", store.slug());
    let labelled_by = heading.clone();
    let adding = RwSignal::new(false);
    let clear = move |_| column.delete(bench.lab_entries(store), false);
    view! {
        <section
            class=format!("store {}", store.slug())
            aria-labelledby=labelled_by
            hidden=flag(move || view.hidden.read().contains(&store))
        >
            <header>
                {shape(store)}
                <h2 id=heading>{store.title()}</h2>
            </header>
            <p class="about">{line}</p>
            {if is_further { further::used(bench, store) } else { used(view.panels, store, bench.entries(store)) }}
            <dl class="facts">
                <dt>"Who can read it"</dt>
                <dd>{read_by}</dd>
                <dt>"Sent with requests"</dt>
                <dd>{travels}</dd>
                <dt>"Where it lives"</dt>
                <dd>{lives}</dd>
                <dt>"When it ends"</dt>
                <dd>{ends}</dd>
            </dl>
            {(store == Store::ServerSession).then(|| held_id(bench))}
            {entries(view, column)}
            {is_further.then(|| further::others(bench, store))}
            <div class="actions needs-script">
                {changing(move || {
                    if adding.get() {
                        add(bench, store, adding)
                    } else {
                        view! {
                            <button
                                type="button"
                                id=format!("{}-add", store.slug())
                                on:click=handler(move |_| adding.set(true))
                            >
                                {format!("Add to {}", store.title())}
                            </button>
                        }
                            .into_any()
                    }
                })}
                {(store == Store::Cookies).then(|| open_button(view.panels.cookie_form))}
                <button
                    type="button"
                    class="quiet"
                    disabled=flag(move || !bench.has_lab_entries(store))
                    on:click=handler(clear)
                >
                    {format!("Clear {}", store.title())}
                </button>
            </div>
        </section>
    }
    .into_any()
}

/// The store's shape, the same everywhere beside its colour.
pub(in crate::bench) fn shape(store: Store) -> AnyView {
    let shape = match store {
        Store::Cookies => view! { <circle cx="12" cy="12" r="9" /> }.into_any(),
        Store::SessionStorage => view! { <path d="M12 2 22 21H2z" /> }.into_any(),
        Store::LocalStorage => view! { <rect x="3" y="3" width="18" height="18" rx="2" /> }.into_any(),
        Store::ServerSession => view! { <path d="m12 1 11 11-11 11L1 12z" /> }.into_any(),
        Store::IndexedDb => view! { <path d="M12 2 21 7v10l-9 5-9-5V7z" /> }.into_any(),
        Store::CacheStorage => view! { <path d="M8 3h8v5h5v8h-5v5H8v-5H3V8h5z" /> }.into_any(),
        Store::Opfs => view! { <path d="M5 2h9l5 5v15H5z" /> }.into_any(),
    };
    view! {
        <svg class="shape" aria-hidden="true" viewBox="0 0 24 24" width="18" height="18">
            {shape}
        </svg>
    }
    .into_any()
}
