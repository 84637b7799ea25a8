//! The account page: everything that the account's owner sees and does.

use super::{
    data,
    earlier::{Earlier, earlier},
    events,
    owner::{LOG_IN_FIRST, OwnersPage, own_profile},
    password, sessions,
};
use crate::{
    AppError,
    accounts::{Account, Profile},
    json::Json,
    navigation::Navigation,
    reactive::{State, Stored},
    ui::{Title, text},
    words::{in_words, utc},
};
use leptos::prelude::*;

/// The page `/account`.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let account = expect_context::<Account>();
    let earlier = earlier();
    let seen = account.changes.get_untracked();
    let first = Resource::<_, Json>::new_with_options(|| (), |()| own_profile(), false);
    view! {
        <Title text="Account" />
        <div class="narrow">
            <h1>"Account"</h1>
            <Suspense fallback=|| view! { <p role="status">"Asking the server…"</p> }>
                {move || {
                    let earlier = earlier.clone();
                    Suspend::new(async move {
                        match first.await {
                            Ok(profile) => sections(account, profile, &earlier, seen),
                            Err(AppError::NotLoggedIn) => {
                                expect_context::<Navigation>().redirect(LOG_IN_FIRST);
                                ().into_any()
                            }
                            Err(error) => view! { <p class="error" role="alert">{error.to_string()}</p> }.into_any(),
                        }
                    })
                }}
            </Suspense>
        </div>
    }
}

fn sections(account: Account, profile: Profile, earlier: &Earlier, seen: u32) -> AnyView {
    let page = OwnersPage {
        account,
        profile: State::new(profile),
        deleting: Stored::new(false),
        navigation: expect_context(),
    };
    page.follow_changes(seen);
    view! {
        {this_session(page)}
        {sessions::section(page)}
        {password::section(page, earlier)}
        {events::section(page)}
        {data::section(page, earlier)}
    }
    .into_any()
}

fn this_session(page: OwnersPage) -> AnyView {
    let told = move |tell: fn(&Profile) -> String| text(move || page.profile.with(tell));
    view! {
        <p class="lead">
            "You are logged in as " <strong>{page.username()}</strong>
            ". The server knows it from one thing: the token in your session cookie."
        </p>
        <section class="card" aria-labelledby="session-heading">
            <h2 id="session-heading">"This session"</h2>
            <dl class="facts">
                <dt>"Began"</dt>
                <dd>
                    {told(|Profile { logged_in, sessions, .. }| {
                        utc(sessions.first().map_or(logged_in.now, |session| session.first_seen))
                    })}
                </dd>
                <dt>"Ends when idle"</dt>
                <dd>
                    {told(|Profile { logged_in, .. }| {
                        format!("in {} unless you ask for something", in_words(logged_in.idle_end - logged_in.now))
                    })}
                </dd>
                <dt>"Ends in any case"</dt>
                <dd>
                    {told(|Profile { logged_in, .. }| {
                        format!("in {}, {}", in_words(logged_in.end - logged_in.now), utc(logged_in.end))
                    })}
                </dd>
                <dt>"Account made"</dt>
                <dd>{told(|profile| utc(profile.joined_at))}</dd>
            </dl>
            <p>
                "Its cookie is " <code>"HttpOnly"</code> ": scripts cannot read it. See it from the server's side on the "
                <a href="/">"bench"</a> "."
            </p>
        </section>
    }
    .into_any()
}
