//! What a run opens beside its page: a window, or a frame. It goes away again with the run, and with the page.

use super::model::Trouble;
use crate::bench::stores::web_storage::Area;
use gloo_timers::future::TimeoutFuture;
use js_sys::Promise;
use leptos::{
    ev,
    prelude::{WindowListenerHandle, document, window, window_event_listener},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlIFrameElement, Storage, Window};

/// How often a window is looked at, and how many times, until its page is there.
const LOOK_AFTER_MS: u32 = 50;
const LOOKS: u32 = 100;

/// A window that knows its opener.
pub(super) struct OwnWindow {
    window: Window,
    leaving: Option<WindowListenerHandle>,
}

impl OwnWindow {
    /// An empty one; it is of this page's origin.
    pub fn open() -> Result<Self, Trouble> {
        Self::open_at("about:blank")
    }

    /// One with a page of this site.
    pub async fn load(path: &str) -> Result<Self, Trouble> {
        let opened = Self::open_at(path)?;
        for _ in 0..LOOKS {
            let there = opened.window.location().pathname().is_ok_and(|now| now == path);
            if there && opened.window.document().is_some_and(|document| document.ready_state() == "complete") {
                return Ok(opened);
            }
            TimeoutFuture::new(LOOK_AFTER_MS).await;
        }
        Err(Trouble::because("The window stayed empty. Check the connection, then run it again."))
    }

    fn open_at(address: &str) -> Result<Self, Trouble> {
        let opened = window().open_with_url_and_target_and_features(address, "_blank", "popup,width=480,height=240");
        let Ok(Some(opened)) = opened else {
            return Err(Trouble::because(
                "The browser opened no window. Allow this site to open windows, then run it again.",
            ));
        };
        let leaves = opened.clone();
        let leaving = window_event_listener(ev::pagehide, move |_| drop(leaves.close()));
        Ok(Self { window: opened, leaving: Some(leaving) })
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
        JsFuture::from(loaded).await.map(drop).map_err(|_| no_frame())
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
        Trouble::because("The browser denies web storage. Allow this site to store data, then run it again.")
    })
}

fn no_frame() -> Trouble {
    Trouble::because("The browser shows no frame here. Reload the page, then run it again.")
}
