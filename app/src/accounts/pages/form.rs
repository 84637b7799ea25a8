//! What the forms around an account share: their fields, and how they are sent.

use crate::{
    AppError, Field,
    accounts::Account,
    browser::Area,
    reactive::State,
    ui::{TextField, aria, effect, error_text, flag, text},
};
use js_sys::Reflect;
use leptos::prelude::*;

/// What a new password may be.
pub(super) const NEW_PASSWORD_HINT: &str =
    "15 to 128 characters; spaces are welcome. Four unrelated words make a good one.";

/// The text of an error, at the field it belongs to.
fn error_at(field: Field, wrong: State<Option<AppError>>) -> Memo<String> {
    text(move || wrong.get().filter(|error| error.field() == field).map(|error| error.to_string()).unwrap_or_default())
}

pub(super) fn submit_button(pending: Memo<bool>, label: &'static str) -> AnyView {
    view! {
        <button type="submit" class="primary" disabled=pending aria-busy=aria(move || pending.get())>
            {label}
        </button>
    }
    .into_any()
}

/// Says that logging in needs cookies, and why it cannot work where the browser tells so beforehand.
pub(super) fn needs_cookies() -> AnyView {
    let why_not = State::new(String::new());
    effect(move || {
        why_not.set(match window().is_secure_context() {
            _ if are_cookies_blocked() => COOKIES_ARE_BLOCKED.to_owned(),
            false => NO_COOKIE_OVER_HTTP.to_owned(),
            true => String::new(),
        });
    });
    view! {
        <p class="hint">"Logging in needs a cookie of this site."</p>
        {error_text("cookies-error".into(), why_not.text())}
    }
    .into_any()
}

/// Whether the browser keeps no cookies of this site. Chromium says by `navigator.cookieEnabled` that it does where its owner has
/// blocked them; browsers block cookies and web storage together.
fn are_cookies_blocked() -> bool {
    let says_so = Reflect::get(&window().navigator(), &"cookieEnabled".into()).is_ok_and(|keeps| keeps.is_falsy());
    says_so || Area::Local.open().is_err()
}

const COOKIES_ARE_BLOCKED: &str = "This browser blocks cookies here, so that logging in cannot work. Allow cookies for this site in \
                                   its settings, then reload the page.";
/// Their cookie has the prefix `__Host-`, so it is `Secure` (RFC 6265bis §5.6).
const NO_COOKIE_OVER_HTTP: &str =
    "This page came over plain HTTP, over which browsers keep no cookie of a log-in. Open it with https://.";

/// What was just done, in its place; empty while there is nothing to say.
pub(super) fn done_line(done: Memo<String>) -> AnyView {
    view! {
        <p class="done" class:on=flag(move || !done.read().is_empty()) role="status">
            {done}
        </p>
    }
    .into_any()
}

/// The field for the password that shows who is asking.
pub(super) fn current_password(id: &'static str, wrong: State<Option<AppError>>) -> AnyView {
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
pub(super) fn username_for_password_managers(username: Memo<String>) -> AnyView {
    view! { <input type="text" autocomplete="username" value=username readonly hidden /> }.into_any()
}

/// A form that changes something about the account: whether it is under way, and what the server refused.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    account: Account,
    pub pending: State<bool>,
    pub refused: State<Option<AppError>>,
}

impl Sending {
    pub fn new(account: Account, earlier: Option<AppError>) -> Self {
        Self { account, pending: State::new(false), refused: State::new(earlier) }
    }

    /// Waits for the answer. After a success the page's head and the other tabs look again; that does not hang on the
    /// page with the form, which the answer may lead away from.
    pub async fn send(self, answer: impl Future<Output = Result<(), AppError>>) -> Result<(), AppError> {
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

    pub fn error_at(self, field: Field) -> Memo<String> {
        error_at(field, self.refused)
    }
}
