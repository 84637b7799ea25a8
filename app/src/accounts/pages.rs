//! The sign-up, log-in and account pages: plain forms first, woken by scripts where there are any.

use super::{Account, LogIn, Profile, SignUp, profile, with_query};
use crate::{
    AppError, Field,
    ui::{SubmittedForm, TextField, aria, error_text, in_words, text, utc},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::{
    components::{A, Redirect},
    hooks::use_query_map,
};

/// What the address says about an earlier try without scripts, and where to go afterwards.
#[derive(Clone)]
struct Earlier {
    error: Option<AppError>,
    username: String,
    next: String,
    welcome: bool,
}

fn earlier() -> Earlier {
    let query = use_query_map().get_untracked();
    Earlier {
        error: query.get("error").and_then(|code| AppError::from_code(&code)),
        username: query.get("username").unwrap_or_default(),
        next: query.get("next").unwrap_or_default(),
        welcome: query.get("welcome").is_some(),
    }
}

/// The text of an error, at the field it belongs to.
fn error_at(field: Field, wrong: Signal<Option<AppError>>) -> Signal<String> {
    text(move || wrong.get().filter(|error| error.field() == field).map(|error| error.to_string()).unwrap_or_default())
}

#[component]
pub(crate) fn SignUpPage() -> impl IntoView {
    let sign_up = ServerAction::<SignUp>::new();
    let Earlier { error, username, next, .. } = earlier();
    let wrong = Signal::derive(move || sign_up.value().get().map_or(error, Result::err));
    let submit = move |event: SubmitEvent| {
        let form = SubmittedForm::take(event);
        let (username, password, next) = (form.text("username"), form.text("password"), Some(form.text("next")));
        sign_up.dispatch(SignUp { username, password, next });
    };
    let log_in_href = with_query("/login", [("next", next.as_str())]);
    view! {
        <Title text="Sign up" />
        <div class="narrow">
            <h1>"Sign up"</h1>
            <p class="lead">
                "The server stores your username and a hash of your password, never the password itself."
            </p>
            <form class="card" method="post" action=SignUp::url() on:submit=submit>
                {error_text("form-error".into(), error_at(Field::Form, wrong))}
                <TextField
                    label="Username"
                    name="username"
                    autocomplete="username"
                    value=username
                    hint="3 to 64 letters, digits and . _ - @ +"
                    error=error_at(Field::Username, wrong)
                />
                <TextField
                    label="Password"
                    name="password"
                    kind="password"
                    autocomplete="new-password"
                    hint="15 to 128 characters; spaces are welcome. Four unrelated words make a good one."
                    error=error_at(Field::Password, wrong)
                />
                <input type="hidden" name="next" value=next />
                {submit_button(sign_up.pending().into(), "Sign up")}
            </form>
            <p>"Have an account? " <A href=log_in_href>"Log in instead"</A></p>
        </div>
    }
}

#[component]
pub(crate) fn LogInPage() -> impl IntoView {
    let Account { log_in, .. } = expect_context();
    let Earlier { error, username, next, welcome } = earlier();
    log_in.value().set(None);
    let wrong = Signal::derive(move || log_in.value().get().map_or(error, Result::err));
    let submit = move |event: SubmitEvent| {
        let form = SubmittedForm::take(event);
        let (username, password) = (form.text("username"), form.text("password"));
        let (keep, next) = (Some(form.text("keep")), Some(form.text("next")));
        log_in.dispatch(LogIn { username, password, keep, next });
    };
    let sign_up_href = with_query("/signup", [("next", next.as_str())]);
    let asked_for_account = !next.is_empty() && !welcome && error.is_none();
    view! {
        <Title text="Log in" />
        <div class="narrow">
            <h1>"Log in"</h1>
            <p class="note" role="status" hidden=!welcome>
                "Your account is made. Log in with it now."
            </p>
            <p class="note" hidden=!asked_for_account>
                "Log in to see that page."
            </p>
            <form class="card" method="post" action=LogIn::url() on:submit=submit>
                {error_text("form-error".into(), error_at(Field::Form, wrong))}
                <TextField
                    label="Username"
                    name="username"
                    autocomplete="username"
                    value=username
                    error=error_at(Field::Username, wrong)
                />
                <TextField
                    label="Password"
                    name="password"
                    kind="password"
                    autocomplete="current-password"
                    error=error_at(Field::Password, wrong)
                />
                <label class="check">
                    <input type="checkbox" name="keep" value="1" />
                    "Keep me logged in"
                </label>
                <input type="hidden" name="next" value=next />
                {submit_button(log_in.pending().into(), "Log in")}
            </form>
            <p>"New here? " <A href=sign_up_href>"Make an account"</A></p>
        </div>
    }
}

fn submit_button(pending: Signal<bool>, label: &'static str) -> AnyView {
    view! {
        <button type="submit" class="primary" disabled=pending aria-busy=aria(move || pending.get())>
            {label}
        </button>
    }
    .into_any()
}

#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let changes = expect_context::<Account>().changes;
    let profile = Resource::new(move || changes.get(), |_| profile());
    view! {
        <Title text="Account" />
        <div class="narrow">
            <h1>"Account"</h1>
            <Suspense fallback=|| view! { <p role="status">"Asking the server…"</p> }>
                {move || Suspend::new(async move {
                    match profile.await {
                        Ok(profile) => profile_card(profile),
                        Err(AppError::NotLoggedIn) => view! { <Redirect path="/login?next=/account" /> }.into_any(),
                        Err(error) => view! { <p class="error" role="alert">{error.to_string()}</p> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

fn profile_card(profile: Profile) -> AnyView {
    let Profile { username, joined_at, session_began_at, session_idle_end, session_end, now } = profile;
    view! {
        <p class="lead">
            "You are logged in as " <strong>{username}</strong>
            ". The server knows it from one thing: the token in your session cookie."
        </p>
        <section class="card" aria-labelledby="session-heading">
            <h2 id="session-heading">"This session"</h2>
            <dl class="facts">
                <dt>"Began"</dt>
                <dd>{utc(session_began_at)}</dd>
                <dt>"Ends when idle"</dt>
                <dd>{format!("in {} unless you ask for something", in_words(session_idle_end - now))}</dd>
                <dt>"Ends in any case"</dt>
                <dd>{format!("in {}, {}", in_words(session_end - now), utc(session_end))}</dd>
                <dt>"Account made"</dt>
                <dd>{utc(joined_at)}</dd>
            </dl>
            <p>
                "Its cookie is " <code>"HttpOnly"</code> ": scripts cannot read it. See it from the server's side on the "
                <A href="/">"bench"</A> "."
            </p>
        </section>
    }
    .into_any()
}
