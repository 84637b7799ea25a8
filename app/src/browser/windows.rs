//! Opening windows and tabs.

use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use leptos::prelude::window;
use std::{
    pin::Pin,
    task::{Context, Poll},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

/// Of an empty window, which has its opener's origin.
pub(crate) const BLANK: &str = "about:blank";

/// How a window is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opener {
    /// In a small window of its own, which knows its opener.
    Popup,
    /// In a tab that knows its opener.
    Tab,
    /// In a tab that does not (`noopener`). Nobody learns whether it was opened.
    Unknown,
}

impl Opener {
    fn features(self) -> &'static str {
        match self {
            Self::Popup => "popup,width=480,height=240",
            Self::Tab => "",
            Self::Unknown => "noopener",
        }
    }
}

/// A window that is being opened: `None` where the browser opens none, and always with [`Opener::Unknown`].
pub(crate) struct Opening(Option<JsFuture>);

/// Begins to open a window, in a task of its own right after this one.
///
/// Not in this task, because Firefox lets other tasks run while it opens a window: what runs now, a future that is polled
/// or a closure that handles a click, would be entered a second time, which stops all futures of the page for good. The
/// next task still counts as the visitor's click; WebKit opens a window there, but not after an awaited lock or answer.
pub(crate) fn open(address: &str, opener: Opener) -> Opening {
    let address = address.to_owned();
    let mut resolve = None;
    let promise = Promise::new(&mut |resolved: Function, _| resolve = Some(resolved));
    let Some(resolve) = resolve else { return Opening(None) };
    Timeout::new(0, move || {
        let opened = window().open_with_url_and_target_and_features(&address, "_blank", opener.features());
        let opened = opened.ok().flatten().map_or(JsValue::NULL, JsValue::from);
        // In a list: a promise asks what it is given for `then`, which a window of another site refuses.
        let _ = resolve.call1(&JsValue::NULL, &js_sys::Array::of1(&opened));
    })
    .forget();
    Opening(Some(JsFuture::from(promise)))
}

impl Future for Opening {
    type Output = Option<Window>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Window>> {
        let Some(opening) = self.0.as_mut() else { return Poll::Ready(None) };
        Pin::new(opening).poll(context).map(|opened| {
            let opened = opened.ok()?.dyn_into::<js_sys::Array>().ok()?.get(0);
            (!opened.is_null()).then(|| opened.unchecked_into())
        })
    }
}
