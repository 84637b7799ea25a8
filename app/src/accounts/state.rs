//! Who is logged in, as every page's head shows it, kept up to date across tabs.

use super::{LogIn, LogOut, current_user};
use crate::AppError;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::BroadcastChannel;

/// The channel over which the open tabs tell each other of changes that no browser event tells: an `HttpOnly` cookie
/// and what the server keeps.
const CHANNEL: &str = "lab-changes";

/// The visitor's account in the browser; lives as long as the app.
#[derive(Clone, Copy)]
pub(crate) struct Account {
    /// Logs in.
    pub log_in: ServerAction<LogIn>,
    /// Logs out.
    pub log_out: ServerAction<LogOut>,
    /// The user's name, while somebody is logged in.
    pub user: RwSignal<Option<String>>,
    /// Counts the changes on the server's side that this tab heard of: its own log-ins and log-outs, and what other
    /// tabs tell.
    pub changes: RwSignal<u32>,
    channel: StoredValue<Option<SendWrapper<BroadcastChannel>>>,
}

impl Account {
    /// Puts it into context; the name comes along with the page.
    pub fn provide() {
        let account = Self {
            log_in: ServerAction::new(),
            log_out: ServerAction::new(),
            user: RwSignal::new(SharedValue::new(user_at_first).into_inner()),
            changes: RwSignal::new(0),
            channel: StoredValue::new(None),
        };
        provide_context(account);
        Effect::new(move || account.listen());
        Effect::new(move || {
            let succeeded = |answer: Option<Result<(), AppError>>| matches!(answer, Some(Ok(())));
            if succeeded(account.log_in.value().get()) || succeeded(account.log_out.value().get()) {
                account.changes.update(|changes| *changes += 1);
                account.tell_other_tabs();
            }
        });
        Effect::new(move || {
            if account.changes.get() > 0 {
                spawn_local(async move {
                    if let Ok(user) = current_user().await {
                        account.user.set(user);
                    }
                });
            }
        });
    }

    /// Lets the other tabs look again.
    pub fn tell_other_tabs(self) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                let _ = channel.post_message(&JsValue::TRUE);
            }
        });
    }

    fn listen(self) {
        let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
        let heard = Closure::<dyn Fn()>::new(move || self.changes.update(|changes| *changes += 1));
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        heard.forget();
        self.channel.set_value(Some(SendWrapper::new(channel)));
    }
}

/// Known on the server; the browser reads it from the page.
fn user_at_first() -> Option<String> {
    #[cfg(feature = "ssr")]
    return crate::services::username();
    #[cfg(not(feature = "ssr"))]
    None
}
