//! Asking the visitor for the click without which a browser opens no window.

use super::{flag, focus, handler, text};
use crate::{
    browser::windows::{Opener, Opening, open},
    reactive::{State, Stored},
};
use futures::{
    channel::oneshot,
    future::{Either, select},
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::pin::pin;
use web_sys::Window;

/// How long the click is waited for, in milliseconds.
const PATIENCE_MS: u32 = 120_000;
const BUTTON: &str = "open-window";

/// What is to be opened by the click, and who waits for it.
struct Wanted {
    address: String,
    opener: Opener,
    opened: oneshot::Sender<Opening>,
}

/// Windows for one page: each is opened at once where the browser allows that, else by the button that it shows.
#[derive(Clone, Copy)]
pub(crate) struct WindowRequest {
    /// Whether the button is there.
    pub asks: State<bool>,
    wanted: Stored<Option<SendWrapper<Wanted>>>,
}

impl WindowRequest {
    pub fn new() -> Self {
        Self { asks: State::new(false), wanted: Stored::new(None) }
    }

    /// Opens a window, by the button where the browser opens none by itself; `None` where even then there is none, or
    /// nobody pressed it for two minutes.
    pub async fn open(self, address: &str, opener: Opener) -> Option<Window> {
        match open(address, opener).await {
            Some(opened) => Some(opened),
            None => self.ask(address, opener).await,
        }
    }

    /// Opens it by the button alone. A window that does not know its opener is never handed over.
    pub async fn ask(self, address: &str, opener: Opener) -> Option<Window> {
        let (opened, pressed) = oneshot::channel();
        let wanted = SendWrapper::new(Wanted { address: address.to_owned(), opener, opened });
        self.wanted.try_update_value(|place| *place = Some(wanted))?;
        let asking = Asking(self);
        self.asks.try_set(true);
        focus(BUTTON.to_owned());
        let pressed = match select(pressed, pin!(TimeoutFuture::new(PATIENCE_MS))).await {
            Either::Left((pressed, _)) => pressed.ok(),
            Either::Right(_) => None,
        };
        drop(asking);
        pressed?.await
    }

    fn press(self) {
        if let Some(wanted) = self.wanted.try_update_value(Option::take).flatten() {
            let Wanted { address, opener, opened } = wanted.take();
            let _ = opened.send(open(&address, opener));
        }
    }

    /// The button, with why it is there.
    pub fn button(self) -> AnyView {
        let why = text(move || match self.asks.get() {
            true => "The browser opens a window only when you ask for it.".to_owned(),
            false => String::new(),
        });
        view! {
            <div class="window-request" hidden=flag(move || !self.asks.get())>
                <p role="status">{why}</p>
                <button type="button" id=BUTTON class="primary" on:click=handler(move |_| self.press())>
                    "Open the window"
                </button>
            </div>
        }
        .into_any()
    }
}

/// While it lives the button is there, also where who waits gives up.
struct Asking(WindowRequest);

impl Drop for Asking {
    fn drop(&mut self) {
        let _ = self.0.asks.try_set(false);
        let _ = self.0.wanted.try_update_value(Option::take);
    }
}
