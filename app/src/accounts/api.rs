//! The accounts' server functions. Each is a public endpoint and decides for itself who may use it.

#![expect(
    missing_docs,
    reason = "the fields of the structs that `#[server]` makes are the documented functions' arguments"
)]

use super::Profile;
use crate::AppError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{Username, safe_next, with_query},
    crate::services::Request,
    secrecy::SecretString,
};

/// Step 1 and 2 of the six (L1, L2): takes a username and a password and makes an account.
#[server(name = SignUp, prefix = "/api", endpoint = "signup")]
pub async fn sign_up(username: String, password: String, next: Option<String>) -> Result<(), AppError> {
    let request = Request::current()?;
    let next = next.unwrap_or_default();
    let outcome = match Username::parse(&username) {
        Ok(name) => request.services.accounts.sign_up(name, SecretString::from(password)).await,
        Err(error) => Err(error),
    };
    let typed = [("username", username.trim()), ("next", next.as_str())];
    outcome.map_err(|error| request.back_to_form("/signup", error, &typed))?;
    request.go_to(&with_query("/login", [("welcome", "1")].into_iter().chain(typed)));
    Ok(())
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
    let next = next.unwrap_or_default();
    let keep = keep.is_some_and(|keep| !matches!(keep.as_str(), "" | "0" | "false" | "off"));
    let outcome = request.services.accounts.log_in(&request.visitor, &username, SecretString::from(password), keep);
    let typed = [("username", username.trim()), ("next", next.as_str())];
    let cookie = outcome.await.map_err(|error| request.back_to_form("/login", error, &typed))?;
    request.set_cookie(cookie);
    request.go_to(safe_next(&next));
    Ok(())
}

/// Ends this session in the database and removes its cookie.
#[server(name = LogOut, prefix = "/api", endpoint = "logout")]
pub async fn log_out() -> Result<(), AppError> {
    let request = Request::current()?;
    let cookie = request.services.accounts.log_out(&request.visitor).await?;
    request.set_cookie(cookie);
    request.go_to("/");
    Ok(())
}

/// The name of the user who is logged in, if any: what every page's head shows.
#[server(name = CurrentUser, prefix = "/api", endpoint = "current-user")]
pub async fn current_user() -> Result<Option<String>, AppError> {
    let request = Request::current()?;
    Ok(request.visitor.user().ok().map(|user| user.username.clone()))
}

/// Step 6 (L6): what only the account's owner may see.
#[server(name = OwnProfile, prefix = "/api", endpoint = "profile")]
pub async fn profile() -> Result<Profile, AppError> {
    let request = Request::current()?;
    let user = request.visitor.user()?.clone();
    let session = request.visitor.session.ok_or(AppError::NotLoggedIn)?;
    Ok(Profile {
        username: user.username,
        joined_at: user.created_at,
        session_began_at: session.created_at,
        session_idle_end: session.expires_at,
        session_end: session.ends_at,
        now: request.visitor.now,
    })
}
