//! How a session's life shows in an open page: a warning before it ends, a note when it has.

use super::{Account, LoggedIn, stay_logged_in};
use crate::{
    navigation::Navigation,
    reactive::{State, Stored},
    routing::is_guarded,
    ui::{effect, flag, handler, text},
    words::in_words,
};
use leptos::{
    ev::{FocusEvent, MouseEvent},
    prelude::*,
    task::spawn_local,
};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The shortest and the longest warning, in seconds; between them it is a fifth of the session's idle time.
const WARNING: (i64, i64) = (10, 120);

/// What is to be said about the session's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// Nothing.
    None,
    /// It ends in so many seconds if nothing is asked of the server.
    IdleEnd(i64),
    /// It ends in so many seconds whatever happens.
    End(i64),
    /// It has ended, and not by this tab.
    Gone,
}

/// When the session ends, as of the server's last answer. Times are UTC seconds by the server's clock.
#[derive(Clone, Copy)]
pub(super) struct Life {
    idle_end: i64,
    end: i64,
    now: i64,
    /// The longest time that was ever left to it: about its idle timeout.
    span: i64,
}

impl Life {
    /// Reads an answer; `before` is what was known of the same session.
    pub fn new(seen: &LoggedIn, before: Option<Self>) -> Self {
        let &LoggedIn { idle_end, end, now, .. } = seen;
        Self { idle_end, end, now, span: before.map_or(0, |before| before.span).max(idle_end - now) }
    }

    /// What is to be said so many seconds after the answer.
    pub fn notice(self, later: i64) -> Notice {
        let left = (self.idle_end.min(self.end) - self.now - later).max(0);
        if left > (self.span / 5).clamp(WARNING.0, WARNING.1) {
            Notice::None
        } else if self.end <= self.idle_end {
            Notice::End(left)
        } else {
            Notice::IdleEnd(left)
        }
    }
}

/// The banner below the page's head, for who has a session that ends soon or has just ended. It is no dialog: whoever is
/// in the middle of something goes on with it.
pub(crate) fn banner() -> AnyView {
    let account = expect_context::<Account>();
    let notice = account.notice;
    let navigation = expect_context::<Navigation>();
    let path = navigation.path;
    let trouble = State::new(String::new());
    let came_from = Stored::new(None::<SendWrapper<HtmlElement>>);

    effect(move || match notice.get() {
        Notice::Gone => {
            let path = path.get_untracked();
            if is_guarded(&path) {
                notice.set(Notice::None);
                // The way back does not lead to what would lead here again.
                navigation.replace(&(log_in_from(&path) + "&ended=1"));
            } else {
                account.changes.update(|changes| *changes += 1);
            }
        }
        Notice::None => trouble.set(String::new()),
        _ => {}
    });

    // The button goes away when it has done its work; the keyboard returns to where it came from.
    let entered = move |event: FocusEvent| {
        let from = event.related_target().and_then(|from| from.dyn_into().ok());
        if let Some(from) = from {
            came_from.set_value(Some(SendWrapper::new(from)));
        }
    };
    let pressed = move |_: MouseEvent| {
        if notice.get_untracked() == Notice::Gone {
            return notice.set(Notice::None);
        }
        trouble.set(String::new());
        spawn_local(async move {
            match stay_logged_in(None).await {
                Ok(seen) => {
                    account.saw(Some(seen), false);
                    if let Some(from) = came_from.get_value() {
                        let _ = from.focus();
                    }
                }
                Err(error) => trouble.set(error.to_string()),
            }
        });
    };

    // Told once: it does not change while the seconds do.
    let warning = text(move || match notice.get() {
        Notice::None | Notice::Gone => String::new(),
        _ if trouble.read().is_empty() => "Your session ends soon.".to_owned(),
        _ => trouble.get(),
    });
    let ended = text(move || if notice.get() == Notice::Gone { "You have been logged out." } else { "" }.to_owned());
    let countdown = text(move || match notice.get() {
        Notice::IdleEnd(left) => {
            format!("You will be logged out in {}, because nothing was asked of the server.", in_words(left))
        }
        Notice::End(left) => format!("Your log-in ends in {}.", in_words(left)),
        _ => String::new(),
    });
    let button = text(move || if notice.get() == Notice::Gone { "Dismiss" } else { "Stay logged in" }.to_owned());
    view! {
        <aside
            class="life note"
            aria-label="Your session"
            hidden=flag(move || notice.get() == Notice::None || *path.read() == "/login")
            on:focusin=handler(entered)
        >
            <p role="status" hidden=flag(move || ended.read().is_empty())>
                {ended}
            </p>
            <p role="alert" hidden=flag(move || warning.read().is_empty())>
                {warning}
            </p>
            <p>{countdown}</p>
            <button type="button" hidden=flag(move || matches!(notice.get(), Notice::End(_))) on:click=handler(pressed)>
                {button}
            </button>
            <a
                href=text(move || log_in_from(&path.read()))
                hidden=flag(move || matches!(notice.get(), Notice::IdleEnd(_)))
            >
                "Log in again"
            </a>
        </aside>
    }
    .into_any()
}

/// The way to the log-in page and back, spelled as the server's guard spells it. A path that would need an escape here is
/// none of this site's pages; the server does not go where it should not.
fn log_in_from(path: &str) -> String {
    // The password that `/account/confirm` asks for has just been given by then.
    let next = if is_guarded(path) { "/account" } else { path };
    format!("/login?next={next}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(idle_left: i64, left: i64) -> Life {
        let seen = LoggedIn { username: "Ada".to_owned(), idle_end: 1_000 + idle_left, end: 1_000 + left, now: 1_000 };
        Life::new(&seen, None)
    }

    #[test]
    fn a_session_of_half_an_hour_is_warned_of_two_minutes_before_its_end() {
        let half_an_hour = life(1_800, 43_200);
        assert_eq!(half_an_hour.notice(1_679), Notice::None);
        assert_eq!(half_an_hour.notice(1_680), Notice::IdleEnd(120));
        assert_eq!(half_an_hour.notice(1_900), Notice::IdleEnd(0));
    }

    #[test]
    fn a_short_session_is_warned_of_ten_seconds_before_its_end() {
        assert_eq!(life(30, 43_200).notice(19), Notice::None);
        assert_eq!(life(30, 43_200).notice(20), Notice::IdleEnd(10));
    }

    #[test]
    fn what_ends_in_any_case_cannot_be_prolonged() {
        assert_eq!(life(100, 100).notice(95), Notice::End(5));
    }

    #[test]
    fn the_warning_is_as_long_when_little_was_left_already() {
        let seen = LoggedIn { username: "Ada".to_owned(), idle_end: 1_300, end: 9_000, now: 1_250 };
        assert_eq!(Life::new(&seen, Some(life(300, 9_000))).notice(0), Notice::IdleEnd(50));
        assert_eq!(Life::new(&seen, None).notice(0), Notice::None);
    }

    #[test]
    fn the_way_to_log_in_is_spelled_as_the_guard_spells_it() {
        assert_eq!(log_in_from("/account"), "/login?next=/account");
        assert_eq!(log_in_from("/account/confirm"), "/login?next=/account");
        assert_eq!(log_in_from("/"), "/login?next=/");
    }
}
