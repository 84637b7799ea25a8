//! The page on which the account's owner confirms to be at the keyboard.

use super::{
    earlier::{Earlier, earlier},
    form::{Sending, current_password, submit_button, username_for_password_managers},
};
use crate::{
    Field,
    accounts::{Account, Confirm, confirm},
    ui::{SubmittedForm, Title, error_text, handler, text},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};

/// The page `/account/confirm`.
#[component]
pub(crate) fn ConfirmPage() -> impl IntoView {
    let account = expect_context::<Account>();
    let Earlier { error, next, .. } = earlier();
    let sending = Sending::new(account, error);
    let username = text(move || account.user.get().map(|user| user.username).unwrap_or_default());
    let submit = move |event: SubmitEvent| {
        let form = SubmittedForm::take(event);
        let answer = confirm(form.text("current_password"), Some(form.text("next")));
        // The answer itself leads back to where the visitor came from.
        spawn_local(async move {
            let _ = sending.send(answer).await;
        });
    };
    view! {
        <Title text="Confirm it is you" />
        <div class="narrow">
            <h1>"Confirm it is you"</h1>
            <p class="lead">
                "In the wrong hands, what you asked for could lock you out. So the server wants your password once more; then
                it does not ask again for 5 minutes."
            </p>
            <form class="card" method="post" action=Confirm::url() on:submit=handler(submit)>
                {error_text("form-error".into(), sending.error_at(Field::Form))}
                {username_for_password_managers(username)}
                {current_password("current-password", sending.refused)}
                <input type="hidden" name="next" value=next />
                {submit_button(sending.pending.flag(), "Confirm")}
            </form>
        </div>
    }
}
