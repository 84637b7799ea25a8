//! The log-in page.

use super::{
    earlier::{Earlier, earlier},
    form::{Sending, needs_cookies, submit_button},
};
use crate::{
    Field,
    accounts::{Account, LogIn, log_in},
    routing::with_query,
    ui::{SubmittedForm, TextField, Title, error_text, flag, handler, text},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};

/// True as well for who has only followed a link here.
const UNKEPT: &str = "You are not logged in. If your password has just been taken, this browser did not keep the cookie of your \
                      log-in: allow cookies for this site and open it with https://, then log in again.";

/// The page `/login`.
#[component]
pub(crate) fn LogInPage() -> impl IntoView {
    let account = expect_context::<Account>();
    let Earlier { error, username, next, welcome, ended, reset, unkept, .. } = earlier();
    let sending = Sending::new(account, error);
    let submit = move |event: SubmitEvent| {
        let form = SubmittedForm::take(event);
        let (username, password) = (form.text("username"), form.text("password"));
        let (keep, next) = (Some(form.text("keep")), Some(form.text("next")));
        let answer = log_in(username, password, keep, next);
        account.log_in_begins();
        // The answer itself leads on.
        spawn_local(async move {
            let _ = sending.send(answer).await;
        });
    };
    let sign_up_href = with_query("/signup", [("next", next.as_str())]);
    let asked_for_account = !next.is_empty() && !welcome && !ended && error.is_none();
    let unkept = text(move || if unkept || account.is_unkept() { UNKEPT } else { "" }.to_owned());
    view! {
        <Title text="Log in" />
        <div class="narrow">
            <h1>"Log in"</h1>
            <p class="note" role="status" hidden=!welcome>
                "Your account is made. Log in with it now."
            </p>
            <p class="note" role="status" hidden=!reset>
                "Your new password is set, and every session of the account has ended. Log in with it now."
            </p>
            <p class="note" role="status" hidden=!ended>
                "Your session has ended. Log in again to go on."
            </p>
            <p class="note" role="alert" hidden=flag(move || unkept.read().is_empty())>
                {unkept}
            </p>
            <p class="note" hidden=flag(move || !asked_for_account || !unkept.read().is_empty())>
                "Log in to see that page."
            </p>
            <form class="card" method="post" action=LogIn::url() on:submit=handler(submit)>
                {error_text("form-error".into(), sending.error_at(Field::Form))}
                <TextField
                    label="Username"
                    name="username"
                    autocomplete="username"
                    value=username
                    error=sending.error_at(Field::Username)
                />
                <TextField
                    label="Password"
                    name="password"
                    kind="password"
                    autocomplete="current-password"
                    error=sending.error_at(Field::Password)
                />
                <label class="check">
                    <input type="checkbox" name="keep" value="1" />
                    "Keep me logged in"
                </label>
                <input type="hidden" name="next" value=next />
                {needs_cookies()}
                {submit_button(sending.pending.flag(), "Log in")}
            </form>
            <p>"New here? " <a href=sign_up_href>"Make an account"</a></p>
            <p>"Forgot your password? Ask whoever runs this lab for a link to set a new one."</p>
        </div>
    }
}
