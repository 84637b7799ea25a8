//! The way into the form: the button of the store and the one of an entry.

use crate::{
    browser::{Entry, is_lab_name},
    ui::{flag, handler},
};
use leptos::prelude::*;

/// What the form begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bench) enum CookieForm {
    Empty,
    Of(Box<Entry>),
}

/// What the form is about, while it is open.
pub(in crate::bench) type OpenForm = RwSignal<Option<CookieForm>>;

/// The button that opens the form for a new cookie.
pub(in crate::bench) fn open_button(form: OpenForm) -> AnyView {
    view! {
        <button type="button" id=button_id(None) on:click=handler(move |_| form.set(Some(CookieForm::Empty)))>
            "Cookie with attributes"
        </button>
    }
    .into_any()
}

/// The button that opens the form for a cookie of the lab, among the others of its row.
pub(in crate::bench) fn edit_button(
    form: OpenForm,
    entry: Signal<Entry>,
    tabindex: Signal<String>,
    hidden: Signal<bool>,
) -> AnyView {
    let first = entry.get_untracked();
    view! {
        <button
            type="button"
            class="quiet"
            id=button_id(Some(&first))
            aria-label=format!("Edit attributes of {}", first.name)
            tabindex=tabindex
            hidden=flag(move || hidden.get() || !is_lab_name(&entry.read().name))
            on:click=handler(move |_| form.set(Some(CookieForm::Of(Box::new(entry.get_untracked())))))
        >
            "Attributes"
        </button>
    }
    .into_any()
}

/// The id of the button that opened the form.
pub(super) fn button_id(entry: Option<&Entry>) -> String {
    match entry {
        Some(entry) => format!("attributes-{}", entry.key().replace(' ', "_")),
        None => "attributes".to_owned(),
    }
}
