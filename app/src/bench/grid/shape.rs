//! The mark of each store, the same everywhere beside its colour.

use crate::browser::Store;
use leptos::prelude::*;
use maud::{Markup, PreEscaped, html};

/// The mark in a view.
pub(in crate::bench) fn shape(store: Store) -> AnyView {
    view! {
        <svg
            class="shape"
            aria-hidden="true"
            viewBox="0 0 24 24"
            width="18"
            height="18"
            inner_html=drawing(store)
        ></svg>
    }
    .into_any()
}

/// The mark in a cell of the table.
pub(super) fn mark(store: Store) -> Markup {
    html! { svg.shape aria-hidden="true" viewBox="0 0 24 24" width="18" height="18" { (PreEscaped(drawing(store))) } }
}

fn drawing(store: Store) -> &'static str {
    match store {
        Store::Cookies => r#"<circle cx="12" cy="12" r="9"/>"#,
        Store::SessionStorage => r#"<path d="M12 2 22 21H2z"/>"#,
        Store::LocalStorage => r#"<rect x="3" y="3" width="18" height="18" rx="2"/>"#,
        Store::ServerSession => r#"<path d="m12 1 11 11-11 11L1 12z"/>"#,
        Store::IndexedDb => r#"<path d="M12 2 21 7v10l-9 5-9-5V7z"/>"#,
        Store::CacheStorage => r#"<path d="M8 3h8v5h5v8h-5v5H8v-5H3V8h5z"/>"#,
        Store::Address => r#"<path d="M2 7h10V2l10 10-10 10v-5H2z"/>"#,
        Store::Opfs => r#"<path d="M5 2h9l5 5v15H5z"/>"#,
    }
}
