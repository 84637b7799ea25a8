//! Who may do something while others wait, in whatever tab (Web Locks).

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

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

/// Takes a lock; `None` where somebody else holds it. A browser without locks, or that denies this page all it keeps and locks
/// with it, lets everybody: what is denied is told where it is used.
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

/// How long a browser may take to say that a lock is taken. One that denies the page its storage may never say it.
const ANSWERED_WITHIN_MS: u32 = 3_000;

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
    let requested = request.call3(&locks, &name.into(), &options, &granted).map(|it| it.unchecked_into::<Promise>());
    let Ok(requested) = requested else { return Some(Outcome::Held(Hold(None))) };
    let answer = async {
        match select(JsFuture::from(answered), JsFuture::from(requested)).await {
            Either::Left((granted, _)) => granted,
            Either::Right((Ok(_), answered)) => answered.await,
            Either::Right((Err(error), _)) => Err(error),
        }
    };
    let granted = match taken {
        Taken::Wait => answer.await,
        Taken::GiveUp => match select(pin!(answer), TimeoutFuture::new(ANSWERED_WITHIN_MS)).await {
            Either::Left((granted, _)) => granted,
            Either::Right(_) => return Some(Outcome::Held(Hold(Some(release)))),
        },
    };
    Some(match granted {
        Ok(granted) if granted.is_truthy() => Outcome::Held(Hold(Some(release))),
        Ok(_) => Outcome::Taken,
        Err(error) if is_denied(&error) => Outcome::Held(Hold(None)),
        Err(_) => Outcome::Lost,
    })
}

/// Whether the browser denies this page all locks, as it does without storage (W3C Web Locks §3.2).
fn is_denied(error: &JsValue) -> bool {
    error.dyn_ref::<DomException>().is_some_and(|error| error.name() == "SecurityError")
}

/// A promise and what fulfils it.
fn promise() -> Option<(Promise, Function)> {
    let mut fulfil = None;
    let promise = Promise::new(&mut |resolve, _| fulfil = Some(resolve));
    Some((promise, fulfil?))
}
