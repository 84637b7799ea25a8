//! The menu of a column: what the store is, how much it holds, and what can be done to it. It is written when it opens.

use super::{
    act::act,
    action::Action,
    facts::about,
    how_full::{can_measure, sentence},
    state::Grid,
};
use crate::{
    bench::{optional::Look, state::Bench},
    browser::Store,
    reactive::Derived,
    ui::{changing, flag, focus_now, handler, text},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Where the menu of any column opens: a popover, which the browser closes when something else is asked for and which
/// gives the focus back.
pub(super) fn place(grid: Grid) -> AnyView {
    let name = text(move || grid.menu.get().map_or_else(String::new, |store| format!("{} menu", store.title())));
    let toggled = move |_| {
        let is_open = element().is_some_and(|menu| is_open(&menu));
        if let Some(store) = grid.menu.get_untracked() {
            tell_button(store, is_open);
        }
        if !is_open {
            grid.menu.set(None);
        }
    };
    view! {
        <div
            id=ID
            class="column-menu card"
            popover="auto"
            role="group"
            aria-label=name
            on:toggle=handler(toggled)
        >
            {changing(move || match (grid.menu.get(), grid.loaded()) {
                (Some(store), Some(lazy)) => (lazy.menu)(grid, store),
                _ => ().into_any(),
            })}
        </div>
    }
    .into_any()
}

const ID: &str = "column-menu";

fn element() -> Option<HtmlElement> {
    document().get_element_by_id(ID)?.dyn_into().ok()
}

fn is_open(menu: &Element) -> bool {
    menu.matches(":popover-open").unwrap_or(false)
}

/// Opens the menu of a store below its button, once what it shows is there; closes it where it is open. A press of the
/// mouse on the button has closed it by now, of which the state is told later; a key has not.
pub(super) fn open(grid: Grid, store: Store, button: Element, by_key: bool) {
    let Some(menu) = element() else { return };
    let was_open = grid.menu.get_untracked() == Some(store) && (!by_key || is_open(&menu));
    let _ = menu.hide_popover();
    if was_open {
        return;
    }
    grid.with_lazy(move |_| {
        grid.menu.set(Some(store));
        let rect = button.get_bounding_client_rect();
        for (name, value) in [("--x", rect.right()), ("--y", rect.bottom())] {
            // Whole pixels: the code that writes fractions out is large.
            let _ = menu.style().set_property(name, &format!("{}px", value as i32));
        }
        let _ = menu.show_popover();
    });
}

fn tell_button(store: Store, is_open: bool) {
    if let Some(button) = document().get_element_by_id(&format!("menu-{}", store.slug())) {
        let _ = button.set_attribute("aria-expanded", if is_open { "true" } else { "false" });
    }
}

/// Closes it; the focus goes back to its button.
fn close() {
    if let Some(menu) = element() {
        let _ = menu.hide_popover();
    }
}

/// What is in the menu of a store.
pub(super) fn menu(grid: Grid, store: Store) -> AnyView {
    let Grid { bench, panels, .. } = grid;
    let title = store.title();
    let ask = move |action: Action| {
        handler(move |_| {
            close();
            act(grid, action.clone());
        })
    };
    let add = handler(move |_| {
        close();
        grid.adding.set(Some(store));
    });
    let measure = move || untrack(|| can_measure(panels, store));
    let sentence = text(move || sentence(panels, store));
    request_animation_frame(|| {
        focus_now("#column-menu button");
    });
    view! {
        <p>{about(store).line}</p>
        <p class="hint">{sentence}</p>
        {measure().then(|| view! {
            <button
                type="button"
                class="quiet"
                aria-label=format!("Measure the limit of {title}")
                on:click=ask(Action::Measure)
            >
                "Measure it"
            </button>
        })}
        {(store == Store::ServerSession).then(|| held_id(bench))}
        {Store::OPTIONAL.contains(&store).then(|| others(bench, store))}
        <div class="buttons">
            <button type="button" on:click=add>{format!("Add to {title}")}</button>
            {(store == Store::Cookies).then(|| view! {
                <button type="button" on:click=ask(Action::CookieForm)>"Cookie with attributes"</button>
            })}
            <button type="button" on:click=ask(Action::Sort(store))>{format!("Sort by {title}")}</button>
            <button
                type="button"
                disabled=flag(move || !bench.has_lab_entries(store))
                on:click=ask(Action::Clear(store))
            >
                {format!("Clear {title}")}
            </button>
        </div>
    }
    .into_any()
}

/// The one thing that the browser holds of a server session.
fn held_id(bench: Bench) -> AnyView {
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

/// What else of this origin is in such a store. It is shown, never changed.
fn others(bench: Bench, store: Store) -> AnyView {
    let others = Derived::new(move || match bench.look_at(store) {
        Look::Read { others, .. } => others,
        _ => Vec::new(),
    });
    let id = format!("{}-others", store.slug());
    view! {
        <div class="others" hidden=flag(move || others.with(Vec::is_empty))>
            <p id=id.clone()>"Also of this origin, and left alone here:"</p>
            <ul aria-labelledby=id>
                {move || others.get().into_iter().map(|other| view! { <li>{other}</li> }).collect_view()}
            </ul>
        </div>
    }
    .into_any()
}
