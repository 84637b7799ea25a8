//! The pages around an account: plain forms first, woken by scripts where there are any.

mod account;
mod confirm;
mod data;
mod events;
mod log_in;
mod password;
mod reset;
mod sessions;
mod sign_up;

use super::Account;
use crate::{
    AppError, Field,
    navigation::Navigation,
    reactive::State,
    ui::{TextField, aria, flag, text},
};
use leptos::prelude::*;

pub(crate) use account::AccountPage;
pub(crate) use confirm::ConfirmPage;
pub(crate) use log_in::LogInPage;
pub(crate) use reset::ResetPage;
pub(crate) use sign_up::SignUpPage;

/// What a new password may be.
const NEW_PASSWORD_HINT: &str = "15 to 128 characters; spaces are welcome. Four unrelated words make a good one.";

/// What the address says about an earlier try without scripts, and where to go afterwards.
#[derive(Clone)]
struct Earlier {
    error: Option<AppError>,
    /// Which of a page's forms the error belongs to, where there are several.
    form: String,
    username: String,
    next: String,
    welcome: bool,
    ended: bool,
    changed: bool,
    deleted: bool,
    reset: bool,
}

impl Earlier {
    /// The error, if it belongs to this form of the page.
    fn error_of(&self, form: &str) -> Option<AppError> {
        self.error.filter(|_| self.form == form)
    }
}

fn earlier() -> Earlier {
    let navigation = expect_context::<Navigation>();
    let query = |name: &str| navigation.query_untracked(name);
    let holds = |name: &str| query(name).is_some();
    Earlier {
        error: query("error")
            .and_then(|code| AppError::from_code(&code))
            .map(|error| error.with_wait(query("wait").and_then(|seconds| seconds.parse().ok()).unwrap_or_default())),
        form: query("form").unwrap_or_default(),
        username: query("username").unwrap_or_default(),
        next: query("next").unwrap_or_default(),
        welcome: holds("welcome"),
        ended: holds("ended"),
        changed: holds("changed"),
        deleted: holds("deleted"),
        reset: holds("reset"),
    }
}

/// The text of an error, at the field it belongs to.
fn error_at(field: Field, wrong: State<Option<AppError>>) -> Memo<String> {
    text(move || wrong.get().filter(|error| error.field() == field).map(|error| error.to_string()).unwrap_or_default())
}

fn submit_button(pending: Memo<bool>, label: &'static str) -> AnyView {
    view! {
        <button type="submit" class="primary" disabled=pending aria-busy=aria(move || pending.get())>
            {label}
        </button>
    }
    .into_any()
}

/// What was just done, in its place; empty while there is nothing to say.
fn done_line(done: Memo<String>) -> AnyView {
    view! {
        <p class="done" class:on=flag(move || !done.read().is_empty()) role="status">
            {done}
        </p>
    }
    .into_any()
}

/// The field for the password that shows who is asking.
fn current_password(id: &'static str, wrong: State<Option<AppError>>) -> AnyView {
    view! {
        <TextField
            id=id
            label="Current password"
            name="current_password"
            kind="password"
            autocomplete="current-password"
            error=error_at(Field::CurrentPassword, wrong)
        />
    }
    .into_any()
}

/// Tells a password manager whose password the form is about. It has no name: the server knows who is asking.
fn username_for_password_managers(username: Memo<String>) -> AnyView {
    view! { <input type="text" autocomplete="username" value=username readonly hidden /> }.into_any()
}

/// A form that changes something about the account: whether it is under way, and what the server refused.
#[derive(Clone, Copy)]
struct Sending {
    account: Account,
    pending: State<bool>,
    refused: State<Option<AppError>>,
}

impl Sending {
    fn new(account: Account, earlier: Option<AppError>) -> Self {
        Self { account, pending: State::new(false), refused: State::new(earlier) }
    }

    /// Waits for the answer. After a success the page's head and the other tabs look again; that does not hang on the
    /// page with the form, which the answer may lead away from.
    async fn send(self, answer: impl Future<Output = Result<(), AppError>>) -> Result<(), AppError> {
        self.refused.set(None);
        self.pending.set(true);
        let answer = answer.await;
        self.pending.set(false);
        match answer {
            Ok(()) => {
                self.account.changes.update(|changes| *changes += 1);
                self.account.tell_other_tabs();
            }
            Err(error) => self.refused.set(Some(error)),
        }
        answer
    }

    fn error_at(self, field: Field) -> Memo<String> {
        error_at(field, self.refused)
    }
}
