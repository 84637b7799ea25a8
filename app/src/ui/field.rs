//! Labelled inputs that say what is wrong with them.

use super::{aria, flag};
use leptos::{ev::SubmitEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

/// An error that belongs to the field or form above it; announced when it appears. `id` is what the field's
/// `aria-describedby` names; the error is empty while nothing is wrong.
pub(crate) fn error_text(id: String, error: Signal<String>) -> AnyView {
    view! {
        <p class="error" id=id role="alert" hidden=flag(move || error.read().is_empty())>
            {error}
        </p>
    }
    .into_any()
}

/// A text input with its label, a hint and its error.
#[component]
pub(crate) fn TextField(
    /// The accessible name, part of the product's contract.
    label: &'static str,
    /// The form field's name, and the root of the ids.
    name: &'static str,
    /// `text` or `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a password manager reads (HTML, autofill field names).
    autocomplete: &'static str,
    /// What it holds at first.
    #[prop(into, default = String::new())]
    value: String,
    /// A line on what belongs here.
    #[prop(default = "")]
    hint: &'static str,
    /// What is wrong with it; empty while nothing is.
    error: Signal<String>,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    let error_id = format!("{name}-error");
    let described_by = if hint.is_empty() { error_id.clone() } else { format!("{hint_id} {error_id}") };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                required
                aria-invalid=aria(move || !error.read().is_empty())
                aria-describedby=described_by
            />
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {error_text(error_id, error)}
        </div>
    }
}

/// The fields of a form as they stood when it was submitted, read from the page: what a password manager filled in
/// before the page woke is there too.
pub(crate) struct SubmittedForm(Option<FormData>);

impl SubmittedForm {
    /// Takes the event, so that the browser does not send the form itself.
    pub fn take(event: SubmitEvent) -> Self {
        event.prevent_default();
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        Self(form.and_then(|form| FormData::new_with_form(&form).ok()))
    }

    /// A field's text; empty where it has none, as for a box that is not ticked.
    pub fn text(&self, name: &str) -> String {
        self.0.as_ref().and_then(|fields| fields.get(name).as_string()).unwrap_or_default()
    }
}
