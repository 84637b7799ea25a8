//! The windows and frames that a run opens. They close with the run, and with its page.

use super::model::Trouble;
use crate::browser::Area;
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::Promise;
use leptos::{
    ev,
    prelude::{WindowListenerHandle, document, window, window_event_listener},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlIFrameElement, Storage, Url, Window};

/// How often a window is looked at, and how many times, until its page is there.
const LOOK_AFTER_MS: u32 = 50;
const LOOKS: u32 = 100;
/// How long a frame's page is waited for.
const FRAME_PATIENCE_MS: u32 = 10_000;

/// A window that knows its opener.
pub(super) struct OwnWindow {
    window: Window,
    leaving: Option<WindowListenerHandle>,
}

impl OwnWindow {
    pub fn new(window: Window) -> Self {
        let leaves = window.clone();
        let leaving = window_event_listener(ev::pagehide, move |_| drop(leaves.close()));
        Self { window, leaving: Some(leaving) }
    }

    /// Leads it to a page of this site, and waits until that is there.
    pub async fn load(&self, path: &str) -> Result<(), Trouble> {
        self.lead_to(path)?;
        for _ in 0..LOOKS {
            let there = self.window.location().pathname().is_ok_and(|now| now == path);
            if there && self.window.document().is_some_and(|document| document.ready_state() == "complete") {
                return Ok(());
            }
            TimeoutFuture::new(LOOK_AFTER_MS).await;
        }
        Err(Trouble::because("The window stayed empty. Check the connection, then run it again."))
    }

    /// Leads it anywhere. A page of another site then does not know this one.
    pub fn lead_to(&self, address: &str) -> Result<(), Trouble> {
        // An empty page takes a relative address for one of its own.
        let address = Url::new_with_base(address, &window().location().href().unwrap_or_default());
        let led = address.and_then(|address| {
            self.window.set_opener(&JsValue::NULL)?;
            self.window.location().replace(&address.href())
        });
        led.map_err(|_| Trouble::because("The window was closed too early. Run it again, and leave it open."))
    }

    pub fn window(&self) -> &Window {
        &self.window
    }
}

impl Drop for OwnWindow {
    fn drop(&mut self) {
        if let Some(leaving) = self.leaving.take() {
            leaving.remove();
        }
        let _ = self.window.close();
    }
}

/// A frame of this page with another page of this site in it, out of sight.
pub(super) struct OwnFrame(HtmlIFrameElement);

impl OwnFrame {
    pub async fn load(path: &str) -> Result<Self, Trouble> {
        let frame = document().create_element("iframe").map_err(|_| no_frame())?.unchecked_into::<HtmlIFrameElement>();
        frame.set_title("Another page of this site");
        frame.set_hidden(true);
        frame.set_src(path);
        let body = document().body().ok_or_else(no_frame)?;
        let frame = Self(frame);
        frame.loaded(|| body.append_child(&frame.0).is_ok()).await?;
        Ok(frame)
    }

    /// Throws its document away and loads it again.
    pub async fn reload(&self) -> Result<(), Trouble> {
        let window = self.window()?;
        self.loaded(|| window.location().reload().is_ok()).await
    }

    async fn loaded(&self, begin: impl FnOnce() -> bool) -> Result<(), Trouble> {
        let loaded = Promise::new(&mut |loaded, _| self.0.set_onload(Some(&loaded)));
        if !begin() {
            return Err(no_frame());
        }
        match select(JsFuture::from(loaded), TimeoutFuture::new(FRAME_PATIENCE_MS)).await {
            Either::Left((Ok(_), _)) => Ok(()),
            _ => Err(no_frame()),
        }
    }

    pub fn window(&self) -> Result<Window, Trouble> {
        self.0.content_window().ok_or_else(no_frame)
    }
}

impl Drop for OwnFrame {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// The area of web storage that a window or a frame sees.
pub(super) fn area_of(window: &Window, area: Area) -> Result<Storage, Trouble> {
    let storage = match area {
        Area::Session => window.session_storage(),
        Area::Local => window.local_storage(),
    };
    storage.ok().flatten().ok_or_else(|| {
        Trouble::cannot_be_tried("The browser denies web storage. Allow this site to store data, then run it again.")
    })
}

fn no_frame() -> Trouble {
    Trouble::cannot_be_tried(
        "The browser shows no frame here. Allow this site to show frames (an extension may forbid it), then run it again.",
    )
}
