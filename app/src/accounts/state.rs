//! Who is logged in, as every page's head shows it, kept up to date across tabs and while time passes.

use super::{
    LoggedIn, current_user,
    life::{Life, Notice},
    log_out,
};
use crate::{
    AppError,
    reactive::{State, Stored},
    ui::effect,
};
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use web_sys::{BroadcastChannel, Event};

/// The channel over which the open tabs tell each other of changes that no browser event tells: an `HttpOnly` cookie
/// and what the server keeps.
const CHANNEL: &str = "lab-changes";
/// How often an open page asks whether somebody is still logged in, in seconds.
const LOOK_EVERY: u32 = 5;
/// How long what came along with a page is taken for true, in milliseconds since it was opened.
const FRESH_MS: f64 = 10_000.0;
/// Strokes of the clock, one to two seconds, that a new token may be on its way to the cookie jar.
const DOUBT: u32 = 2;

/// The visitor's account in the browser; lives as long as the app.
#[derive(Clone, Copy)]
pub(crate) struct Account {
    /// Why logging out did not work, the last time.
    pub log_out_error: State<Option<AppError>>,
    /// Who is logged in, while somebody is. Changes with the name only; its times are those of the first look.
    pub user: State<Option<LoggedIn>>,
    /// Counts the changes on the server's side that this tab heard of: its own log-ins and log-outs, and what other
    /// tabs tell.
    pub changes: State<u32>,
    /// What is to be said about the session's life.
    pub(super) notice: State<Notice>,
    /// Whether a log-in of this tab has just succeeded, or is about to, and nobody has looked yet whether it was kept.
    logging_in: Stored<bool>,
    /// When the session ends, and when that was heard, in milliseconds by the browser's clock.
    life: Stored<Option<(Life, f64)>>,
    /// How many strokes of the clock until an end of the session is looked at again and believed; 0 while there is none.
    doubt: Stored<u32>,
    channel: Stored<Option<SendWrapper<BroadcastChannel>>>,
}

/// Why the server is asked who is logged in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// This tab changed it and knows.
    Own,
    /// Another tab says that it changed.
    Told,
    /// Time has passed.
    Again,
}

impl Account {
    /// Puts it into context; the name comes along with the page.
    pub fn provide() {
        let account = Self::of(user_at_first());
        provide_context(account);
        effect(move || account.listen());
        effect(move || {
            if account.changes.get() > 0 {
                spawn_local(account.look(Look::Own));
            }
        });
    }

    /// That of a page which does not show who is logged in: it neither asks nor hears of it.
    pub fn of_nobody() -> Self {
        Self::of(None)
    }

    fn of(user: Option<LoggedIn>) -> Self {
        Self {
            log_out_error: State::new(None),
            user: State::new(user),
            changes: State::new(0),
            notice: State::new(Notice::None),
            logging_in: Stored::new(false),
            life: Stored::new(None),
            doubt: Stored::new(0),
            channel: Stored::new(None),
        }
    }

    /// Says that a log-in is under way: the next look of this tab's own tells whether the browser has kept its cookie.
    pub(super) fn log_in_begins(self) {
        self.notice.set(Notice::None);
        self.logging_in.set_value(true);
    }

    /// Whether the browser kept no cookie of the log-in.
    pub(super) fn is_unkept(self) -> bool {
        self.notice.get() == Notice::Unkept
    }

    /// Logs out; the answer itself leads to the bench.
    pub fn log_out(self) {
        spawn_local(async move {
            let answer = log_out().await;
            self.log_out_error.set(answer.err());
            if answer.is_ok() {
                self.changed();
            }
        });
    }

    /// Says that this tab has changed something on the server's side, here and in the other tabs.
    pub fn changed(self) {
        self.changes.update(|changes| *changes += 1);
        self.tell_other_tabs();
    }

    /// Lets the other tabs look again.
    pub fn tell_other_tabs(self) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                let _ = channel.post_message(&JsValue::TRUE);
            }
        });
    }

    /// Takes in who is logged in. An end that is not this tab's own doing is to be told.
    pub(super) fn saw(self, seen: Option<LoggedIn>, own: bool) {
        let known = self.user.get_untracked();
        let same = match (&known, &seen) {
            (Some(known), Some(seen)) => known.username == seen.username,
            (known, seen) => known.is_none() && seen.is_none(),
        };
        let before = self.life.get_value().filter(|_| same).map(|(life, _)| life);
        let gone = seen.is_none();
        self.life.set_value(seen.as_ref().map(|seen| (Life::new(seen, before), js_sys::Date::now())));
        if !same {
            self.user.set(seen);
        }
        if !gone {
            self.tick();
        } else if !same {
            self.notice.set(if own { Notice::None } else { Notice::Gone });
        }
    }

    /// Asks who is logged in. Where no answer comes, nothing is known to have changed.
    async fn look(self, why: Look) {
        let changes = self.changes.get_untracked();
        let Ok(seen) = current_user().await else { return };
        // Where this tab has changed it meanwhile, it looks for itself.
        if self.changes.get_untracked() != changes {
            return;
        }
        if why == Look::Again && seen.is_none() && self.user.read_untracked().is_some() {
            // The token may just have been replaced, and this look have carried the old one.
            return self.doubt.set_value(DOUBT);
        }
        let is_unkept = why == Look::Own && self.logging_in.get_value() && seen.is_none();
        self.saw(seen, why == Look::Own);
        if why == Look::Own {
            self.logging_in.set_value(false);
        }
        if is_unkept {
            self.notice.set(Notice::Unkept);
        }
    }

    /// Looks again while somebody is logged in and the page is seen.
    fn look_again(self) {
        if self.user.read_untracked().is_some() && !document().hidden() {
            spawn_local(self.look(Look::Again));
        }
    }

    /// Says what is to be said by now.
    fn tick(self) {
        let Some((life, heard_at)) = self.life.get_value() else { return };
        let notice = life.notice(((js_sys::Date::now() - heard_at) / 1_000.0) as i64);
        if self.notice.get_untracked() != notice {
            self.notice.set(notice);
        }
    }

    /// Wakes it: hears the other tabs, and the time pass.
    fn listen(self) {
        self.saw(self.user.get_untracked(), true);
        // A page may have rested for long before it was hydrated.
        if window().performance().is_none_or(|since| since.now() > FRESH_MS) {
            spawn_local(self.look(Look::Told));
        }
        let seconds = Stored::new(0_u32);
        let clock = Interval::new(1_000, move || {
            self.tick();
            seconds.update_value(|seconds| *seconds += 1);
            match self.doubt.get_value() {
                0 if seconds.get_value().is_multiple_of(LOOK_EVERY) => self.look_again(),
                0 => {}
                doubt => {
                    self.doubt.set_value(doubt - 1);
                    if doubt == 1 {
                        spawn_local(self.look(Look::Told));
                    }
                }
            }
        });
        clock.forget();
        for event in ["focus", "visibilitychange", "online"] {
            EventListener::new(&window(), event, move |_| self.look_again()).forget();
        }

        let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
        let heard = move |_: &Event| {
            spawn_local(async move {
                self.look(Look::Told).await;
                // The end of the session is told for itself.
                if self.notice.get_untracked() != Notice::Gone {
                    self.changes.update(|changes| *changes += 1);
                }
            });
        };
        EventListener::new(&channel, "message", heard).forget();
        self.channel.set_value(Some(SendWrapper::new(channel)));
    }
}

/// Known on the server; the browser reads it from the page.
fn user_at_first() -> Option<LoggedIn> {
    #[cfg(feature = "ssr")]
    return super::logged_in();
    #[cfg(not(feature = "ssr"))]
    crate::json::take(crate::json::LOGGED_IN)
}
