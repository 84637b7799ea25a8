//! Labelled inputs that say what is wrong with them.

use super::{aria, flag, handler, text};
use crate::reactive::State;
use leptos::{ev::SubmitEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

/// An error that belongs to the field or form above it; announced when it appears. `id` is what the field's
/// `aria-describedby` names; the error is empty while nothing is wrong.
pub(crate) fn error_text(id: String, error: Memo<String>) -> AnyView {
    view! {
        <p class="error" id=id role="alert" hidden=flag(move || error.read().is_empty())>
            {error}
        </p>
    }
    .into_any()
}

/// A text input with its label, a hint and its error; a password can be shown.
#[component]
pub(crate) fn TextField(
    /// The accessible name, part of the product's contract.
    label: &'static str,
    /// The form field's name.
    name: &'static str,
    /// The root of the ids, where the name is not the only one of its kind on the page.
    #[prop(optional)]
    id: Option<&'static str>,
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
    /// Whether a password is shown, where others than its button have a say.
    #[prop(optional)]
    shown: State<bool>,
    /// What is wrong with it; empty while nothing is.
    error: Memo<String>,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let kind_now = text(move || if shown.get() { "text" } else { kind }.to_owned());
    let described_by = if hint.is_empty() { error_id.clone() } else { format!("{hint_id} {error_id}") };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <div class="input">
                <input
                    id=id
                    name=name
                    type=kind_now
                    value=value
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    aria-invalid=aria(move || !error.read().is_empty())
                    aria-describedby=described_by
                />
                {(kind == "password").then(|| show_button(shown))}
            </div>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {error_text(error_id, error)}
        </div>
    }
}

/// Shows the password above it. Its name stays the same, what changes is whether it is pressed: so a screen reader says
/// it once, and whoever speaks to the page says what is written on the button.
fn show_button(shown: State<bool>) -> AnyView {
    view! {
        <button
            type="button"
            class="needs-script"
            aria-label="Show password"
            aria-pressed=aria(move || shown.get())
            on:click=handler(move |_| shown.update(|shown| *shown = !*shown))
        >
            "Show"
        </button>
    }
    .into_any()
}

/// The fields of a form as they stood when it was submitted, read from the page: what a password manager filled in
/// before the page woke is there too.
pub(crate) struct SubmittedForm {
    form: Option<HtmlFormElement>,
    fields: Option<FormData>,
}

impl SubmittedForm {
    /// Takes the event, so that the browser does not send the form itself.
    pub fn take(event: SubmitEvent) -> Self {
        event.prevent_default();
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let fields = form.as_ref().and_then(|form| FormData::new_with_form(form).ok());
        Self { form, fields }
    }

    /// A field's text; empty where it has none, as for a box that is not ticked.
    pub fn text(&self, name: &str) -> String {
        self.fields.as_ref().and_then(|fields| fields.get(name).as_string()).unwrap_or_default()
    }

    /// Puts the form on the page back to how it was at first.
    pub fn empty(&self) {
        if let Some(form) = &self.form {
            form.reset();
        }
    }
}
