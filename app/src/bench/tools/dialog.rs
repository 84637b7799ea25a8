//! The panels that open over the page: a name in every store, and the list of keys.

use super::{fetched::fetched, panel::Panel, panels::Panels};
use crate::{
    reactive::Derived,
    text::label,
    ui::{changing, effect, handler, text},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

const ID: &str = "dialog";

fn element() -> Option<HtmlDialogElement> {
    document().get_element_by_id(ID)?.dyn_into().ok()
}

/// The dialog. The browser keeps the focus in it and gives it back where it was.
pub(in crate::bench) fn dialogs(panels: Panels) -> AnyView {
    let Panels { bench, keys_listed, .. } = panels;
    let panel = Derived::new(move || match (keys_listed.get(), bench.inspected.read().is_some()) {
        (true, _) => Some(Panel::Shortcuts),
        (false, true) => Some(Panel::Inspector),
        (false, false) => None,
    });
    effect(move || {
        // The next one may be asked for before the browser has told that the last one was closed.
        bench.inspected.track();
        let panel = panel.get();
        let Some(dialog) = element() else { return };
        match panel {
            Some(_) if !dialog.open() => drop(dialog.show_modal()),
            None if dialog.open() => dialog.close(),
            _ => {}
        }
    });
    let heading = text(move || match panel.get() {
        Some(Panel::Inspector) => bench
            .inspected
            .with(|name| name.as_ref().map_or(String::new(), |name| format!("{} in each store", label(name)))),
        Some(panel) => panel.title().to_owned(),
        None => String::new(),
    });
    let closed = move |_| {
        // Told late, when it may be open again.
        if element().is_none_or(|dialog| !dialog.open()) {
            keys_listed.set(false);
            bench.inspected.set(None);
        }
    };
    let close = move |_| {
        if let Some(dialog) = element() {
            dialog.close();
        }
    };
    view! {
        <dialog id=ID aria-labelledby="dialog-heading" on:close=handler(closed)>
            <header>
                <h2 id="dialog-heading">{heading}</h2>
                <button type="button" on:click=handler(close)>
                    "Close"
                </button>
            </header>
            {changing(move || panel.get().map(|panel| fetched(panel, panels)))}
        </dialog>
    }
    .into_any()
}
