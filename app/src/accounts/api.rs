//! The accounts' server functions. Each is a public endpoint and decides for itself who may use it.

#![expect(
    missing_docs,
    reason = "the fields of the structs that `#[server]` makes are the documented functions' arguments"
)]

use super::{LoggedIn, Profile, Strength};
use crate::{
    AppError,
    client::{Arguments, Direct, FormField},
};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{Username, port::Accounts},
    crate::{
        request::{Request, port},
        routing::{safe_next, with_query},
    },
    secrecy::SecretString,
};

/// Step 1 and 2 of the six (L1, L2): takes a username and a password and makes an account.
#[server(name = SignUp, prefix = "/api", endpoint = "signup")]
pub async fn sign_up(username: String, password: String, next: Option<String>) -> Result<(), AppError> {
    let request = Request::current()?;
    let accounts = port::<dyn Accounts>()?;
    let next = next.unwrap_or_default();
    let outcome = match Username::parse(&username) {
        Ok(name) => accounts.sign_up(&request.visitor, name, SecretString::from(password)).await,
        Err(error) => Err(error),
    };
    let typed = [("username", username.trim()), ("next", next.as_str())];
    outcome.map_err(|error| request.back_to_form("/signup", error, &typed))?;
    request.go_to(&with_query("/login", [("welcome", "1")].into_iter().chain(typed)));
    Ok(())
}

/// How good a password would be for a new account or as its new one, by the rules that decide then. Nothing is kept of it.
#[server(name = RatePassword, prefix = "/api", endpoint = "strength")]
pub async fn rate_password(username: String, password: String) -> Result<Strength, AppError> {
    let accounts = port::<dyn Accounts>()?;
    accounts.rate_password(&username, SecretString::from(password)).await
}

/// Steps 3 to 5 (L3–L5): checks the password and attaches a new session token to the answer's cookie.
#[server(name = LogIn, prefix = "/api", endpoint = "login")]
pub async fn log_in(
    username: String,
    password: String,
    keep: Option<String>,
    next: Option<String>,
) -> Result<(), AppError> {
    let request = Request::current()?;
    let accounts = port::<dyn Accounts>()?;
    let next = next.unwrap_or_default();
    let outcome = accounts.log_in(&request.visitor, &username, SecretString::from(password), is_ticked(keep));
    let typed = [("username", username.trim()), ("next", next.as_str())];
    request.hand_out(&outcome.await.map_err(|error| request.back_to_form("/login", error, &typed))?);
    let next = safe_next(&next);
    request.go_to(&next);
    // A browser without scripts goes by the log-in page, which leads on where the cookie has come back and else says what is missing.
    request.go_on_to(&with_query("/login", [("next", &*next), ("unkept", "1")]));
    Ok(())
}

/// Ends this session in the database and removes its cookie.
#[server(name = LogOut, prefix = "/api", protocol = Direct, endpoint = "logout")]
pub async fn log_out() -> Result<(), AppError> {
    let request = Request::current()?;
    let accounts = port::<dyn Accounts>()?;
    accounts.log_out(&request.visitor).await?;
    request.remove_session_cookie();
    request.go_to("/");
    Ok(())
}

/// Who is logged in and until when, if anybody is: what every page's head shows. Asking does not count as use of the
/// session ([`crate::routing::is_background_poll`]).
#[server(name = CurrentUser, prefix = "/api", protocol = Direct, endpoint = "current-user")]
pub async fn current_user() -> Result<Option<LoggedIn>, AppError> {
    let request = Request::current()?;
    Ok(request.visitor.logged_in().ok())
}

/// Says that the visitor is still there: the session's idle time begins anew.
#[server(name = StayLoggedIn, prefix = "/api", protocol = Direct, endpoint = "stay-logged-in")]
pub async fn stay_logged_in(next: Option<String>) -> Result<LoggedIn, AppError> {
    let request = Request::current()?;
    let logged_in = request.visitor.logged_in()?;
    request.go_on_to(&safe_next(&next.unwrap_or_default()));
    Ok(logged_in)
}

/// Step 6 (L6): what only the account's owner may see.
#[server(name = OwnProfile, prefix = "/api", endpoint = "profile")]
pub async fn profile() -> Result<Profile, AppError> {
    let request = Request::current()?;
    let accounts = port::<dyn Accounts>()?;
    accounts.profile(&request.visitor).await
}

/// Confirms in the middle of a session that its owner is at the keyboard; the session gets a new token.
#[server(name = Confirm, prefix = "/api", endpoint = "account/confirm")]
pub async fn confirm(current_password: String, next: Option<String>) -> Result<(), AppError> {
    let request = Request::current()?;
    let accounts = port::<dyn Accounts>()?;
    let next = next.unwrap_or_default();
    let outcome = accounts.confirm(&request.visitor, SecretString::from(current_password)).await;
    let typed = [("next", next.as_str())];
    request.hand_out(&outcome.map_err(|error| request.back_to_form("/account/confirm", error, &typed))?);
    request.go_to(&safe_next(&next));
    Ok(())
}

/// Ends the session with this public id, or with `others` every session of the account but this one. The password must
/// have been confirmed a short while ago: a plain form is sent to do that first.
#[server(name = EndSession, prefix = "/api", endpoint = "account/end-session")]
pub async fn end_session(id: String) -> Result<(), AppError> {
    let request = Request::current()?;
    let accounts = port::<dyn Accounts>()?;
    let outcome = match id.as_str() {
        "others" => accounts.end_other_sessions(&request.visitor).await,
        id => accounts.end_session(&request.visitor, id).await,
    };
    match outcome {
        Ok(()) => request.go_on_to("/account"),
        Err(AppError::ConfirmFirst) => request.go_on_to("/account/confirm?next=/account"),
        Err(_) => {}
    }
    outcome
}

/// Sets a new password. This session gets a new token; the others end where `end_others` is ticked.
#[server(name = ChangePassword, prefix = "/api", endpoint = "account/password")]
pub async fn change_password(
    current_password: String,
    new_password: String,
    end_others: Option<String>,
) -> Result<(), AppError> {
    let request = Request::current()?;
    let accounts = port::<dyn Accounts>()?;
    let (current, new) = (SecretString::from(current_password), SecretString::from(new_password));
    let outcome = accounts.change_password(&request.visitor, current, new, is_ticked(end_others)).await;
    request.hand_out(&outcome.map_err(|error| request.back_to_form("/account", error, &[("form", "password")]))?);
    request.go_on_to("/account?changed=1");
    Ok(())
}

/// Sets a new password by the code of a one-time link from the operator. The code goes into no address, so a plain form that is
/// refused asks for it again.
#[server(name = ResetPassword, prefix = "/api", endpoint = "reset")]
pub async fn reset_password(code: String, new_password: String) -> Result<(), AppError> {
    let request = Request::current()?;
    let accounts = port::<dyn Accounts>()?;
    let (code, new) = (SecretString::from(code), SecretString::from(new_password));
    let outcome = accounts.reset_password(&request.visitor, code, new).await;
    let username = outcome.map_err(|error| request.back_to_form("/reset", error, &[]))?;
    request.go_to(&with_query("/login", [("reset", "1"), ("username", username.as_str())]));
    Ok(())
}

/// Deletes the account with all that belongs to it.
#[server(name = DeleteAccount, prefix = "/api", endpoint = "account/delete")]
pub async fn delete_account(current_password: String) -> Result<(), AppError> {
    let request = Request::current()?;
    let accounts = port::<dyn Accounts>()?;
    let outcome = accounts.delete(&request.visitor, SecretString::from(current_password)).await;
    outcome.map_err(|error| request.back_to_form("/account", error, &[("form", "delete")]))?;
    request.remove_session_cookie();
    request.go_to("/signup?deleted=1");
    Ok(())
}

impl Arguments for LogOut {}

impl Arguments for CurrentUser {}

impl Arguments for StayLoggedIn {
    fn fields(&self) -> Vec<FormField<'_>> {
        self.next.iter().map(|next| ("next", next.into())).collect()
    }
}

/// A box that is ticked sends some value of its own; scripts and curl may say `0` or `false`.
#[cfg(feature = "ssr")]
fn is_ticked(value: Option<String>) -> bool {
    value.is_some_and(|value| !matches!(value.as_str(), "" | "0" | "false" | "off"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::is_read_by_the_server;

    #[test]
    fn the_server_reads_what_the_browser_asks() {
        is_read_by_the_server(&LogOut {});
        is_read_by_the_server(&CurrentUser {});
        is_read_by_the_server(&StayLoggedIn { next: None });
        is_read_by_the_server(&StayLoggedIn { next: Some("/account?a=b&c".into()) });
    }
}
