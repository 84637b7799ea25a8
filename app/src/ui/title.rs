//! The page's title, in the tab and in the history.

use leptos::prelude::*;

/// Titles the page: "Log in · Storage Lab". The bench, whose text is empty, has the site's name alone.
#[component]
pub(crate) fn Title(#[prop(into)] text: String) -> impl IntoView {
    let title = if text.is_empty() { "Storage Lab".to_owned() } else { format!("{text} · Storage Lab") };
    set(title);
}

/// Into the head, which is sent once the page is rendered. There is nothing of it to be seen where it stands.
#[cfg(feature = "ssr")]
fn set(title: String) {
    let _ = view! { <leptos_meta::Title text=title /> };
}

/// `leptos_meta` would bring its register of everything that can stand in a head.
#[cfg(not(feature = "ssr"))]
fn set(title: String) {
    document().set_title(&title);
}
