//! Who may do something while others wait, in whatever tab (Web Locks).

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// How often it is asked for where the browser could not answer, and the rest in between.
const TRIES: u32 = 10;
const RESTS_MS: u32 = 50;

/// Held until it is dropped, or the page is gone.
pub(crate) struct Hold(Option<Function>);

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// What to do while somebody else holds a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Wait,
    GiveUp,
}

/// Takes a lock; `None` where somebody else holds it. A browser without locks lets everybody.
pub(crate) async fn hold(name: &str, taken: Taken) -> Option<Hold> {
    request(name, "exclusive", taken).await
}

/// Takes a lock together with all others who share it; `None` where somebody holds it alone.
pub(crate) async fn share(name: &str, taken: Taken) -> Option<Hold> {
    request(name, "shared", taken).await
}

async fn request(name: &str, mode: &str, taken: Taken) -> Option<Hold> {
    for _ in 0..TRIES {
        match request_once(name, mode, taken).await? {
            Outcome::Held(hold) => return Some(hold),
            Outcome::Taken => return None,
            Outcome::Lost => TimeoutFuture::new(RESTS_MS).await,
        }
    }
    None
}

/// What came of asking.
enum Outcome {
    Held(Hold),
    Taken,
    /// The browser could not say it: Chromium does not call back while a window is being opened.
    Lost,
}

async fn request_once(name: &str, mode: &str, taken: Taken) -> Option<Outcome> {
    let navigator = window().navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let Some(request) = Reflect::get(&locks, &"request".into()).ok().and_then(|it| it.dyn_into::<Function>().ok())
    else {
        return Some(Outcome::Held(Hold(None)));
    };
    let (released, release) = promise()?;
    let (answered, answer) = promise()?;
    let granted = Closure::once_into_js(move |lock: JsValue| {
        let _ = answer.call1(&JsValue::UNDEFINED, &lock.is_object().into());
        if lock.is_object() { released.into() } else { JsValue::UNDEFINED }
    });
    let options = Object::new();
    Reflect::set(&options, &"mode".into(), &mode.into()).ok()?;
    Reflect::set(&options, &"ifAvailable".into(), &(taken == Taken::GiveUp).into()).ok()?;
    let requested = request.call3(&locks, &name.into(), &options, &granted).ok()?.dyn_into::<Promise>().ok()?;
    let granted = match select(JsFuture::from(answered), JsFuture::from(requested)).await {
        Either::Left((granted, _)) => granted,
        Either::Right((Ok(_), answered)) => answered.await,
        Either::Right((Err(_), _)) => return Some(Outcome::Lost),
    };
    Some(if granted.ok()?.is_truthy() { Outcome::Held(Hold(Some(release))) } else { Outcome::Taken })
}

/// A promise and what fulfils it.
fn promise() -> Option<(Promise, Function)> {
    let mut fulfil = None;
    let promise = Promise::new(&mut |resolve, _| fulfil = Some(resolve));
    Some((promise, fulfil?))
}
