//! Changing the password.

use super::{
    earlier::Earlier,
    form::{NEW_PASSWORD_HINT, Sending, current_password, done_line, submit_button, username_for_password_managers},
    owner::OwnersPage,
};
use crate::{
    Field,
    accounts::{ChangePassword, change_password, strength::strength},
    reactive::State,
    ui::{SubmittedForm, TextField, error_text, handler},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};

const DONE: &str = "Your password is changed.";

pub(super) fn section(page: OwnersPage, earlier: &Earlier) -> AnyView {
    let sending = Sending::new(page.account, earlier.error_of("password"));
    let done = State::new(if earlier.changed { DONE.to_owned() } else { String::new() });
    let shown = State::new(false);
    let submit = move |event: SubmitEvent| {
        let form = SubmittedForm::take(event);
        let (current, new) = (form.text("current_password"), form.text("new_password"));
        let end_others = Some(form.text("end_others"));
        done.set(String::new());
        spawn_local(async move {
            if sending.send(change_password(current, new, end_others)).await.is_ok() {
                form.empty();
                done.set(DONE.to_owned());
            }
        });
    };
    view! {
        <section class="card" aria-labelledby="password-heading">
            <h2 id="password-heading">"Change password"</h2>
            {done_line(done.text())}
            <form method="post" action=ChangePassword::url() on:submit=handler(submit)>
                {error_text("password-form-error".into(), sending.error_at(Field::Form))}
                {username_for_password_managers(page.username())}
                {current_password("current-password", sending.refused)}
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
                <label class="check">
                    <input type="checkbox" name="end_others" value="1" checked />
                    "End all other sessions"
                </label>
                {submit_button(sending.pending.flag(), "Change password")}
            </form>
        </section>
    }
    .into_any()
}
