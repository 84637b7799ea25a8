//! The page on which a new password is set by the operator's one-time link.

use super::{
    earlier::{Earlier, earlier},
    form::{NEW_PASSWORD_HINT, Sending, submit_button},
};
use crate::{
    Field,
    accounts::{ResetPassword, reset_password, strength::strength},
    browser::page_address::{address, readdress},
    reactive::State,
    ui::{SubmittedForm, TextField, Title, effect, error_text, handler, on_window},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The page `/reset`, to which the link leads with the code as its fragment.
#[component]
pub(crate) fn ResetPage() -> impl IntoView {
    let Earlier { error, .. } = earlier();
    let sending = Sending::new(expect_context(), error);
    let shown = State::new(false);
    let submit = move |event: SubmitEvent| {
        let form = SubmittedForm::take(event);
        let answer = reset_password(form.text("code"), form.text("new_password"));
        // The answer itself leads to the log-in page.
        spawn_local(async move {
            let _ = sending.send(answer).await;
        });
    };
    effect(|| {
        take_code();
        // Another link is opened in the same tab.
        on_window("hashchange", |_| take_code());
    });
    view! {
        <Title text="Set a new password" />
        <div class="narrow">
            <h1>"Set a new password"</h1>
            <p class="lead">
                "With the link from whoever runs this lab. It works once, and for 30 minutes. Afterwards the account is
                logged out everywhere."
            </p>
            <form class="card" method="post" action=ResetPassword::url() on:submit=handler(submit)>
                {error_text("form-error".into(), sending.error_at(Field::Form))}
                <TextField
                    label="Code"
                    name="code"
                    autocomplete="one-time-code"
                    hint="What stands behind # in the link"
                    error=sending.error_at(Field::Code)
                />
                <TextField
                    id="new-password"
                    label="New password"
                    name="new_password"
                    kind="password"
                    autocomplete="new-password"
                    hint=NEW_PASSWORD_HINT
                    shown=shown
                    error=sending.error_at(Field::Password)
                />
                {strength("new-password", shown)}
                {submit_button(sending.pending.flag(), "Set new password")}
            </form>
        </div>
    }
}

/// Moves the code from the address into its field, so that it stays in neither the address bar nor the history.
fn take_code() {
    let fragment = window().location().hash().unwrap_or_default();
    let Some(code) = fragment.strip_prefix('#').filter(|code| !code.is_empty()) else { return };
    let field = document().get_element_by_id("code").and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        field.set_value(code);
        readdress(&address());
    }
}
