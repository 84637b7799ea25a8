//! Measures in this browser, now, what the textbook says. Every marker is gone again afterwards.

use super::{
    book::Finding,
    judge::{ASKED_FOR, Carried, FILLED_UNITS, Facts, Session, judge},
    other_tab::look_from_other_tab,
};
use crate::{
    bench::{Browser, state::Bench},
    browser::{Draft, Expires, Refusal, ScriptCookie, Store, Who, cookies, lab::echo, stores},
    reactive::State,
    sessions::{SESSION_COOKIE, observe},
    ui::WindowRequest,
    wire::Received,
};
use js_sys::{Function, Math, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How many steps [`measure`] has.
pub(super) const STEPS: u32 = 5;

const MARKER: &str = "lab-textbook";
/// Goes into sessionStorage when the other tab is open already.
const AFTER: &str = "lab-textbook-after";
/// The cookie that is to be kept for long.
const LONG: &str = "lab-textbook-long";
/// What fills localStorage for a moment.
const FILLER: &str = "lab-textbook-filler";

/// Measures everything, from another tab too where that may be opened; `step` counts along.
pub(super) async fn measure(bench: Bench, other_tab: Option<WindowRequest>, step: State<u32>) -> Vec<Finding> {
    let next = || {
        let _ = step.try_update(|step| *step += 1);
    };
    // A marker for each of the four, in their order.
    let markers = Store::DEFAULT.map(|_| Draft::new(MARKER.to_owned(), secret()));
    let has_session = bench.observed.with_untracked(|seen| seen.session.is_some());
    let mut refused = <[Option<String>; 3]>::default();
    // No session is begun to measure one.
    let measured = if has_session { &Store::DEFAULT[..] } else { &Store::DEFAULT[..3] };
    for (store, marker) in measured.iter().zip(&markers) {
        let done = put(bench, *store, marker).await;
        if let Some(refused) = refused.get_mut(*store as usize) {
            *refused = done.err().map(|refusal| refusal.explain());
        }
    }
    next();

    let other_tab = match other_tab {
        Some(windows) => {
            bench.announce(Store::SessionStorage, Some(AFTER), Who::ThisTab);
            look_from_other_tab(&markers, &Draft::new(AFTER.to_owned(), secret()), windows).await
        }
        None => None,
    };
    next();

    let with_credentials = echo(true).await.ok().map(|received| carried(&received, &markers));
    let without_credentials = echo(false).await.ok().map(|received| carried(&received, &markers));
    let seen = observe().await.ok();
    let server_answered = seen.is_some();
    let session = seen.and_then(|seen| {
        let session = seen.session?;
        let marker_came_back =
            session.values.iter().any(|value| value.name == MARKER && value.value == *markers[3].value);
        Some(Session { marker_came_back, left: session.expires_at - seen.now })
    });
    next();

    let listed = lasting(bench).await;
    next();

    let persisted = promise("persisted").await.and_then(|answer| answer.as_bool());
    let estimated = filled(bench).await;
    next();

    for (store, marker) in measured.iter().zip(&markers) {
        remove(bench, *store, marker).await;
    }
    bench.look_again(Store::Cookies).await;

    let now = (js_sys::Date::now() / 1_000.0) as i64;
    let end_of = |name: &str| listed.iter().find(|cookie| cookie.name == name).map(|cookie| cookie.expires);
    judge(&Facts {
        browser: Browser::of(&window().navigator().user_agent().unwrap_or_default()).to_string(),
        refused,
        server_answered,
        with_credentials,
        without_credentials,
        session,
        other_tab,
        long_cookie: match end_of(LONG) {
            Some(Expires::At(end)) => Some(end - now),
            _ => None,
        },
        plain_cookie: end_of(MARKER),
        persisted,
        estimated,
    })
}

/// Puts a marker, or tells why the store did not keep it.
async fn put(bench: Bench, store: Store, draft: &Draft) -> Result<(), Refusal> {
    bench.announce(store, Some(&draft.name), Who::ThisTab);
    stores::put(store, draft).await
}

async fn remove(bench: Bench, store: Store, draft: &Draft) {
    bench.announce(store, Some(&draft.name), Who::ThisTab);
    let _ = stores::delete(store, draft).await;
}

/// A value that nothing else has.
fn secret() -> String {
    let part = || (Math::random() * f64::from(u32::MAX)) as u32;
    format!("marker-{:08x}{:08x}", part(), part())
}

fn carried(received: &Received, markers: &[Draft; 4]) -> Carried {
    let bytes_of = |name: &str| received.cookies.iter().find(|cookie| cookie.name == name).map(|cookie| cookie.bytes);
    let anywhere = |value: &str| {
        received.path.contains(value)
            || received.fields.iter().any(|field| field.name.contains(value) || field.value.contains(value))
    };
    let [_, values @ ..] = markers;
    Carried {
        cookie: bytes_of(MARKER),
        session_id: bytes_of(SESSION_COOKIE),
        values: [0, 1, 2].map(|at| values.get(at).is_some_and(|marker| anywhere(&marker.value))),
    }
}

/// The cookies while one is among them that was set for ten years.
async fn lasting(bench: Bench) -> Vec<ScriptCookie> {
    let mut long = Draft::new(LONG.to_owned(), "1");
    long.expires = Expires::At((js_sys::Date::now() / 1_000.0) as i64 + ASKED_FOR);
    let _ = put(bench, Store::Cookies, &long).await;
    let listed = cookies::list().await;
    remove(bench, Store::Cookies, &long).await;
    listed
}

/// By how much the browser's estimate grows when localStorage is filled.
async fn filled(bench: Bench) -> Option<u64> {
    let before = usage().await?;
    let filler = Draft::new(FILLER.to_owned(), "x".repeat(FILLED_UNITS - FILLER.len()));
    let kept = put(bench, Store::LocalStorage, &filler).await.is_ok();
    let after = usage().await;
    remove(bench, Store::LocalStorage, &filler).await;
    kept.then_some((after? - before).max(0.0) as u64)
}

async fn usage() -> Option<f64> {
    Reflect::get(&promise("estimate").await?, &"usage".into()).ok()?.as_f64()
}

/// What a method of `navigator.storage` answers, where the browser has it.
async fn promise(method: &str) -> Option<JsValue> {
    let storage = Reflect::get(&window().navigator(), &"storage".into()).ok()?;
    let function: Function = Reflect::get(&storage, &method.into()).ok()?.dyn_into().ok()?;
    let promise: Promise = function.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}
