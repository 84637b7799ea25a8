//! The owner's data: to take along, and to delete.

use super::{
    earlier::Earlier,
    form::{Sending, current_password, submit_button, username_for_password_managers},
    owner::OwnersPage,
};
use crate::{
    Field,
    accounts::{DeleteAccount, delete_account},
    ui::{SubmittedForm, error_text, handler},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};

pub(super) fn section(page: OwnersPage, earlier: &Earlier) -> AnyView {
    let error = earlier.error_of("delete");
    let sending = Sending::new(page.account, error);
    let submit = move |event: SubmitEvent| {
        let current = SubmittedForm::take(event).text("current_password");
        page.deleting.set_value(true);
        // The answer itself leads to the sign-up page, which says that it is done.
        spawn_local(async move {
            if sending.send(delete_account(current)).await.is_err() {
                page.deleting.set_value(false);
            }
        });
    };
    view! {
        <section class="card" aria-labelledby="data-heading">
            <h2 id="data-heading">"Your data"</h2>
            <p>
                "Take along everything that the server keeps of you, as one JSON file: your sessions with their values, and
                what happened."
            </p>
            // Not sent by a script: its answer is a file, or leads to the page that asks for the password.
            <form method="post" action="/account/export" rel="external">
                <button>"Export my data"</button>
            </form>
            <details open=error.is_some()>
                <summary>"Delete this account"</summary>
                <form method="post" action=DeleteAccount::url() on:submit=handler(submit)>
                    <p>
                        "Your username, the hash of your password, all your sessions with their values and the list of what
                        happened go at once and for good. What your browser keeps by itself stays there."
                    </p>
                    {error_text("delete-form-error".into(), sending.error_at(Field::Form))}
                    {username_for_password_managers(page.username())}
                    {current_password("delete-password", sending.refused)}
                    {submit_button(sending.pending.flag(), "Delete my account")}
                </form>
            </details>
        </section>
    }
    .into_any()
}
