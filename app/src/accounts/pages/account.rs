//! The account page: everything that the account's owner sees and does.

use super::{Earlier, data, earlier, events, password, sessions};
use crate::{
    AppError,
    accounts::{Account, Profile, profile},
    json::Json,
    navigation::Navigation,
    reactive::{State, Stored},
    ui::{Title, effect, text},
    words::{in_words, utc},
};
use leptos::{prelude::*, task::spawn_local};

const LOG_IN_FIRST: &str = "/login?next=/account";

/// What the account page's sections share.
#[derive(Clone, Copy)]
pub(super) struct OwnersPage {
    pub account: Account,
    /// As the server told it last. The page is made once and this changes, so that what is typed stays.
    pub profile: State<Profile>,
    /// The account is being deleted: there is nothing more to ask about it.
    pub deleting: Stored<bool>,
    pub navigation: Navigation,
}

impl OwnersPage {
    /// Asks the server again whenever this tab or another has changed something.
    fn follow_changes(self, seen: u32) {
        let seen = Stored::new(seen);
        effect(move || {
            let changes = self.account.changes.get();
            if changes != seen.get_value() && !self.deleting.get_value() {
                spawn_local(self.look_again());
            }
            seen.set_value(changes);
        });
    }

    async fn look_again(self) {
        let answer = own_profile().await;
        // Whoever has left the page meanwhile is not led elsewhere.
        if self.profile.is_disposed() {
            return;
        }
        match answer {
            Ok(profile) => self.profile.set(profile),
            Err(AppError::NotLoggedIn) => self.navigation.go(LOG_IN_FIRST),
            // What is there stays; each form says for itself what goes wrong.
            Err(_) => {}
        }
    }

    pub fn username(self) -> Memo<String> {
        text(move || self.profile.with(|profile| profile.logged_in.username.clone()))
    }
}

/// Another tab may just have been given a new token, so that this request still carried the old one: only a second
/// "not logged in" counts.
async fn own_profile() -> Result<Profile, AppError> {
    let answer = profile().await;
    #[cfg(not(feature = "ssr"))]
    if matches!(answer, Err(AppError::NotLoggedIn)) {
        const UNTIL_THE_NEW_TOKEN_IS_HERE_MS: u32 = 200;
        let pause = gloo_timers::future::TimeoutFuture::new(UNTIL_THE_NEW_TOKEN_IS_HERE_MS);
        send_wrapper::SendWrapper::new(pause).await;
        return profile().await;
    }
    answer
}

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
