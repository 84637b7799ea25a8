//! Where the panel lies in the app's page. The lab keeps it, for the script that asks for the next page's: among the app's own
//! entries nothing is put.

use crate::{client::http::Request, json::Value};
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

/// Keeps a place that the page tells.
pub(super) fn keep(place: &JsValue) {
    let (Some(edge), Some(size), Some(open)) =
        (place.get("edge").text(), place.get("size").number(), place.get("open").flag())
    else {
        return;
    };
    let fields = [("edge", edge), ("size", (size as u32).to_string()), ("open", open.to_string())];
    spawn_local(async move {
        // Where it is not kept, the panel is closed on the next page.
        let _ = Request::post("/app/dock", fields).send().await;
    });
}
