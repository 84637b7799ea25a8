//! The lab's cache: a request for each name, answered with the value. The requests are never sent.

use super::{
    names::{self, PLACE},
    promise,
    trouble::Trouble,
};
use crate::{
    browser::sizes::counted,
    text::{told as named, units::usv},
};
use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{Cache, CacheStorage, Request, Response};

const FOLDER: &str = "/lab/cache/";

fn storage() -> Result<CacheStorage, Trouble> {
    let storage = web_sys::window().ok_or(Trouble::Absent)?.caches()?;
    // Not there where the page came without encryption.
    if storage.is_undefined() { Err(Trouble::Absent) } else { Ok(storage) }
}

/// The lab's cache, if it was made already.
async fn cache() -> Result<Option<Cache>, Trouble> {
    let storage = storage()?;
    let there = promise::kept::<wasm_bindgen::JsValue>(storage.has(PLACE)).await?.is_truthy();
    if there { promise::kept(storage.open(PLACE)).await.map(Some) } else { Ok(None) }
}

fn request(name: &str) -> Result<Request, Trouble> {
    let request = Request::new_with_str(&format!("{FOLDER}{}", names::encoded(name)))?;
    // Addresses know no folder called `..`, however it is spelled.
    if name_of(&request).as_deref() == Some(name) { Ok(request) } else { Err(Trouble::Name) }
}

fn name_of(request: &Request) -> Option<String> {
    let origin = web_sys::window()?.location().origin().ok()?;
    names::decoded(request.url().strip_prefix(&origin)?.strip_prefix(FOLDER)?)
}

pub(super) async fn list() -> Result<Vec<(String, String)>, Trouble> {
    let Some(cache) = cache().await? else { return Ok(Vec::new()) };
    let requests: Array = promise::kept(cache.keys()).await?;
    let named = requests.iter().filter_map(|request| {
        let request: Request = request.unchecked_into();
        Some((name_of(&request)?, request))
    });
    let named: Vec<_> = named.collect();
    let mut values = Vec::with_capacity(named.len());
    for some in named.chunks(promise::AT_A_TIME) {
        // The browser works at each of them from now on, not only when it is waited for.
        let answers: Vec<_> = some.iter().map(|(name, request)| (name, cache.match_with_request(request))).collect();
        for (name, answer) in answers {
            if let Some(value) = text(answer).await? {
                values.push((name.clone(), value));
            }
        }
    }
    Ok(values)
}

/// The text of an answer; `None` where there is none.
async fn text(answer: js_sys::Promise) -> Result<Option<String>, Trouble> {
    let answer: Response = promise::kept(answer).await?;
    if answer.is_undefined() { Ok(None) } else { promise::text(answer.array_buffer()?).await.map(Some) }
}

pub(super) async fn find(name: &str) -> Result<Option<String>, Trouble> {
    let Some(cache) = cache().await? else { return Ok(None) };
    text(cache.match_with_request(&request(name)?)).await
}

pub(super) async fn put(name: &str, value: &str) -> Result<(), Trouble> {
    let (request, answer) = (request(name)?, Response::new_with_opt_str(Some(&usv(value)))?);
    let cache: Cache = promise::kept(storage()?.open(PLACE)).await?;
    promise::kept::<wasm_bindgen::JsValue>(cache.put_with_request(&request, &answer)).await.map(drop)
}

pub(super) async fn delete(name: &str) -> Result<(), Trouble> {
    let Some(cache) = cache().await? else { return Ok(()) };
    promise::kept::<wasm_bindgen::JsValue>(cache.delete_with_request(&request(name)?)).await.map(drop)
}

/// The other caches of this origin, with how many answers they hold.
pub(super) async fn others() -> Result<Vec<String>, Trouble> {
    let storage = storage()?;
    let caches: Array = promise::kept(storage.keys()).await?;
    let mut told = Vec::new();
    for name in caches.iter().filter_map(|name| name.as_string()).filter(|name| name != PLACE) {
        let cache: Cache = promise::kept(storage.open(&name)).await?;
        let requests: Array = promise::kept(cache.keys()).await?;
        told.push(format!("cache {}, {}", named(&name), counted(requests.length(), "answer")));
    }
    Ok(told)
}
