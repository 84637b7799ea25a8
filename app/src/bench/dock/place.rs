//! Where the panel lies in the app's page. The lab keeps it, for the script that asks for the next page's: among the app's own
//! entries nothing is put.

use crate::{client::http::Request, json::Value};
use gloo_timers::future::TimeoutFuture;
use leptos::task::spawn_local;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// How long a place is waited for that follows the one before, in milliseconds.
const RESTS: u32 = 200;

thread_local! {
    /// The place that the page told last.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps a place that the page tells, once no other one follows.
pub(super) fn keep(place: &JsValue) {
    let (Some(edge), Some(size), Some(open)) =
        (place.get("edge").text(), place.get("size").number(), place.get("open").flag())
    else {
        return;
    };
    let fields = [("edge", edge), ("size", (size as u32).to_string()), ("open", open.to_string())];
    let told = fields.each_ref().map(|(_, value)| value.as_str()).join(" ");
    if LAST.replace(told.clone()) == told {
        return;
    }
    spawn_local(async move {
        TimeoutFuture::new(RESTS).await;
        if LAST.with_borrow(|last| *last != told) {
            return;
        }
        // Where it is not kept, the panel is closed on the next page.
        let _ = Request::post("/app/dock", fields).send().await;
    });
}
