//! How a session's life shows in an open page: a warning before it ends, a note when it has.

use super::{Account, life::Notice, stay_logged_in};
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
        if matches!(notice.get_untracked(), Notice::Gone | Notice::Unkept) {
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
        Notice::None | Notice::Gone | Notice::Unkept => String::new(),
        _ if trouble.read().is_empty() => "Your session ends soon.".to_owned(),
        _ => trouble.get(),
    });
    let ended = text(move || {
        match notice.get() {
            Notice::Gone => "You have been logged out.",
            Notice::Unkept => "The browser kept no cookie of your log-in.",
            _ => "",
        }
        .to_owned()
    });
    let countdown = text(move || match notice.get() {
        Notice::IdleEnd(left) => {
            format!("You will be logged out in {}, because nothing was asked of the server.", in_words(left))
        }
        Notice::End(left) => format!("Your log-in ends in {}.", in_words(left)),
        _ => String::new(),
    });
    let button = text(move || {
        if matches!(notice.get(), Notice::Gone | Notice::Unkept) { "Dismiss" } else { "Stay logged in" }.to_owned()
    });
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

    #[test]
    fn the_way_to_log_in_is_spelled_as_the_guard_spells_it() {
        assert_eq!(log_in_from("/account"), "/login?next=/account");
        assert_eq!(log_in_from("/account/confirm"), "/login?next=/account");
        assert_eq!(log_in_from("/"), "/login?next=/");
    }
}
