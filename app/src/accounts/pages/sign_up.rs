//! The sign-up page.

use super::{
    earlier::{Earlier, earlier},
    form::{NEW_PASSWORD_HINT, Sending, needs_cookies, submit_button},
};
use crate::{
    Field,
    accounts::{SignUp, sign_up, strength::strength},
    reactive::State,
    routing::with_query,
    ui::{SubmittedForm, TextField, Title, error_text, handler},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};

/// The page `/signup`.
#[component]
pub(crate) fn SignUpPage() -> impl IntoView {
    let Earlier { error, username, next, deleted, .. } = earlier();
    let sending = Sending::new(expect_context(), error);
    let shown = State::new(false);
    let submit = move |event: SubmitEvent| {
        let form = SubmittedForm::take(event);
        let (username, password, next) = (form.text("username"), form.text("password"), Some(form.text("next")));
        let answer = sign_up(username, password, next);
        // The answer itself leads to the log-in page.
        spawn_local(async move {
            let _ = sending.send(answer).await;
        });
    };
    let log_in_href = with_query("/login", [("next", next.as_str())]);
    view! {
        <Title text="Sign up" />
        <div class="narrow">
            <h1>"Sign up"</h1>
            <p class="note" role="status" hidden=!deleted>
                "Your account and everything kept of it are deleted."
            </p>
            <p class="lead">
                "The server stores your username and a hash of your password, never the password itself."
            </p>
            <form class="card" method="post" action=SignUp::url() on:submit=handler(submit)>
                {error_text("form-error".into(), sending.error_at(Field::Form))}
                <TextField
                    label="Username"
                    name="username"
                    autocomplete="username"
                    value=username
                    hint="3 to 64 letters, digits and . _ - @ +"
                    error=sending.error_at(Field::Username)
                />
                <TextField
                    label="Password"
                    name="password"
                    kind="password"
                    autocomplete="new-password"
                    hint=NEW_PASSWORD_HINT
                    shown=shown
                    error=sending.error_at(Field::Password)
                />
                {strength("password", shown)}
                <input type="hidden" name="next" value=next />
                {needs_cookies()}
                {submit_button(sending.pending.flag(), "Sign up")}
            </form>
            <p>"Have an account? " <a href=log_in_href>"Log in instead"</a></p>
        </div>
    }
}
