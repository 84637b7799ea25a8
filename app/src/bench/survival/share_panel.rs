//! Handing the matrix on, and holding it against that of another browser.

use super::{
    copy_button::copy,
    events::{Survival, name},
    share::Matrix,
};
use crate::{
    reactive::State,
    ui::{SubmittedForm, aria, error_text, flag, handler, text},
};
use leptos::prelude::*;

/// Links and files to hand on, and the form to compare with.
pub(super) fn share_panel(survival: Survival) -> AnyView {
    let untried = flag(move || survival.trial.read().runs.is_empty());
    view! {
        <div class="hand-on">
            <section aria-labelledby="share-heading" hidden=untried>
                <h3 id="share-heading">"Share"</h3>
                <p class="hint">"The outcomes and the browser’s name, no value of any store."</p>
                <p>
                    <code class="address">{text(move || survival.matrix_link())}</code>
                </p>
                <div class="buttons">
                    {copy(text(move || survival.matrix_link()), "Copy the link", survival)}
                    {file("Markdown", "storage-lab.md", "text/markdown", move || Matrix::of(&survival.trial.read()).markdown())}
                    {file("JSON, with the evidence", "storage-lab.json", "application/json", move || {
                        serde_json::to_string_pretty(&*survival.trial.read()).unwrap_or_default()
                    })}
                    {file("Image", "storage-lab.svg", "image/svg+xml", move || Matrix::of(&survival.trial.read()).svg())}
                </div>
            </section>
            {compare(survival)}
        </div>
    }
    .into_any()
}

/// A link that downloads a text as a file.
fn file(
    title: &'static str,
    name: &'static str,
    kind: &'static str,
    content: impl Fn() -> String + Send + Sync + 'static,
) -> AnyView {
    let address = text(move || format!("data:{kind};charset=utf-8,{}", js_sys::encode_uri_component(&content())));
    view! {
        <a class="button" href=address download=name rel="external">
            {title}
        </a>
    }
    .into_any()
}

fn compare(survival: Survival) -> AnyView {
    let compared = survival.compared;
    let wrong = State::new(false);
    let submit = move |event| {
        let form = SubmittedForm::take(event);
        let matrix = Matrix::read(&form.text("other"));
        wrong.set(matrix.is_none());
        if let Some(matrix) = matrix {
            survival.bench.status.set(format!("Compared with {}.", matrix.browser));
            compared.set(Some(matrix));
            form.empty();
        }
    };
    let error = text(move || match wrong.get() {
        true => "That is neither a link to a matrix nor its JSON. Copy it whole from the other browser.".to_owned(),
        false => String::new(),
    });
    let with = text(move || compared.read().as_ref().map(|other| other.browser.to_string()).unwrap_or_default());
    let stop = move |_| {
        compared.set(None);
        name("matrix", None);
    };
    view! {
        <form aria-labelledby="compare-heading" on:submit=handler(submit) novalidate>
            <h3 id="compare-heading">"Compare"</h3>
            <div class="field">
                <label for="compare-other">"Another browser’s link or JSON"</label>
                <input
                    id="compare-other"
                    name="other"
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby="compare-error"
                    aria-invalid=aria(move || wrong.get())
                />
                {error_text("compare-error".into(), error)}
            </div>
            <div class="buttons">
                <button type="submit">"Compare"</button>
                <button type="button" class="quiet" hidden=flag(move || compared.read().is_none()) on:click=handler(stop)>
                    {text(move || format!("Stop comparing with {}", with.read()))}
                </button>
            </div>
        </form>
    }
    .into_any()
}
