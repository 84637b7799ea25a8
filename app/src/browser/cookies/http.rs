//! The lab's endpoints for cookies: one sets a cookie by its line, the other tells what a request carried.

use crate::{
    AppError,
    browser::refusal::Refusal,
    wire::{PAGE_HEADER, ReceivedCookie, page_id},
};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// The path under which a request is echoed, and every path below it.
pub(crate) const ECHO: &str = "/lab/echo";

/// Has the server send a `Set-Cookie` line, exactly this one.
pub(crate) async fn set(line: &str) -> Result<(), Refusal> {
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("line", line).finish();
    let answer = ask("/lab/cookie", Some(&form)).await.ok_or(Refusal::Server(AppError::Unreachable))?;
    if answer.ok() {
        return Ok(());
    }
    let told = match answer.text() {
        Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
        Err(_) => None,
    };
    Err(Refusal::Server(told.and_then(|told| AppError::from_wire(&told)).unwrap_or(AppError::Internal)))
}

/// The cookies that a request to this path carries, as they arrive at the server; `None` where it does not answer.
pub(crate) async fn echo(path: &str) -> Option<Vec<ReceivedCookie>> {
    let answer = ask(path, None).await.filter(Response::ok)?;
    let seen = JsFuture::from(answer.json().ok()?).await.ok()?;
    let get = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name)).ok();
    let cookies: Array = get(&seen, "cookies")?.dyn_into().ok()?;
    let received = |cookie: JsValue| {
        Some(ReceivedCookie {
            name: get(&cookie, "name")?.as_string()?,
            bytes: get(&cookie, "bytes")?.as_f64()? as u32,
        })
    };
    cookies.iter().map(received).collect()
}

async fn ask(path: &str, form: Option<&str>) -> Option<Response> {
    let init = RequestInit::new();
    if let Some(form) = form {
        init.set_method("POST");
        let headers = Headers::new().ok()?;
        headers.set("content-type", "application/x-www-form-urlencoded").ok()?;
        // What sets a cookie belongs to the page's record; the questions after it would crowd it.
        if let Some(page) = page_id() {
            headers.set(PAGE_HEADER, &page).ok()?;
        }
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(form));
    }
    let answer = web_sys::window()?.fetch_with_str_and_init(path, &init);
    JsFuture::from(answer).await.ok()?.dyn_into().ok()
}
