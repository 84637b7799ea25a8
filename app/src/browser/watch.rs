//! Work that nobody waits for without end.

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::window;
use std::pin::pin;

/// How often it is asked whether to go on waiting.
const ASKED_EVERY_MS: u32 = 500;

/// Does the work, unless `given_up` has a reason to wait no longer; then the work is dropped where it stands.
pub(crate) async fn watched<T, E>(
    work: impl Future<Output = T>,
    mut given_up: impl FnMut() -> Option<E>,
) -> Result<T, E> {
    let watch = pin!(async {
        loop {
            TimeoutFuture::new(ASKED_EVERY_MS).await;
            if let Some(reason) = given_up() {
                return reason;
            }
        }
    });
    match select(pin!(work), watch).await {
        Either::Left((done, _)) => Ok(done),
        Either::Right((reason, _)) => Err(reason),
    }
}

/// Milliseconds, as finely as the browser tells them.
pub(crate) fn clock() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}
