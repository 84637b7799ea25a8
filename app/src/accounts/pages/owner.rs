//! The account page as its sections know it: the account, its profile and the way to ask for that again.

use crate::{
    AppError,
    accounts::{Account, Profile, profile},
    navigation::Navigation,
    reactive::{State, Stored},
    ui::{effect, text},
};
use leptos::{prelude::*, task::spawn_local};

/// Where somebody without a session is led.
pub(super) const LOG_IN_FIRST: &str = "/login?next=/account";

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
    pub fn follow_changes(self, seen: u32) {
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

/// Asks the server for the profile. Another tab may just have been given a new token, so that this request still carried
/// the old one: only a second "not logged in" counts.
pub(super) async fn own_profile() -> Result<Profile, AppError> {
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
