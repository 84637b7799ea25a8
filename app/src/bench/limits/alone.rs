//! One measurement at a time, in whatever tab (Web Locks): two would fill each other's room, and a tab that wakes must not
//! sweep away what another is measuring with.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

const LOCK: &str = "lab-limits";

/// Held until it is dropped, or the page is gone.
pub(super) struct Hold(Option<Function>);

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Waits for nobody: `None` where another tab holds it. A browser without locks lets everybody.
pub(super) async fn hold() -> Option<Hold> {
    let navigator = window().navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let Some(request) = Reflect::get(&locks, &"request".into()).ok().and_then(|it| it.dyn_into::<Function>().ok()) else {
        return Some(Hold(None));
    };
    let (released, release) = promise()?;
    let (answered, answer) = promise()?;
    let granted = Closure::once_into_js(move |lock: JsValue| {
        let _ = answer.call1(&JsValue::UNDEFINED, &lock.is_object().into());
        if lock.is_object() { released.into() } else { JsValue::UNDEFINED }
    });
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
    request.call3(&locks, &LOCK.into(), &options, &granted).ok()?;
    let granted = JsFuture::from(answered).await.ok()?;
    granted.is_truthy().then_some(Hold(Some(release)))
}

/// A promise and what fulfils it.
fn promise() -> Option<(Promise, Function)> {
    let mut fulfil = None;
    let promise = Promise::new(&mut |resolve, _| fulfil = Some(resolve));
    Some((promise, fulfil?))
}
