//! Cookies as scripts see them: `cookieStore` where the browser has it, else `document.cookie`.

use super::{Draft, is_probe};
use crate::{
    bench::model::{COOKIE_LIMIT_BYTES, Expires, Refusal, ScriptCookie, bytes, check_cookie},
    ui::utc,
};
use js_sys::{Array, Reflect};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CookieListItem, CookieStore, HtmlDocument};

/// The browser's cookie store, where there is one.
pub(in crate::bench) fn cookie_store() -> Option<CookieStore> {
    let store = Reflect::get(web_sys::window()?.as_ref(), &JsValue::from_str("cookieStore")).ok()?;
    store.is_object().then(|| store.unchecked_into())
}

/// The string that scripts without `cookieStore` have to watch.
pub(in crate::bench) fn cookie_string() -> String {
    document().and_then(|document| document.cookie().ok()).unwrap_or_default()
}

/// All cookies that scripts see, sorted by name.
pub(in crate::bench) async fn list() -> Vec<ScriptCookie> {
    let mut cookies = match cookie_store() {
        Some(store) => list_from(&store).await.unwrap_or_else(|| parse(&cookie_string())),
        None => parse(&cookie_string()),
    };
    cookies.retain(|cookie| !is_probe(&cookie.name));
    cookies.sort_by(|a, b| a.name.cmp(&b.name));
    cookies
}

async fn list_from(store: &CookieStore) -> Option<Vec<ScriptCookie>> {
    let items: Array = JsFuture::from(store.get_all()).await.ok()?.dyn_into().ok()?;
    Some(items.iter().map(|item| script_cookie(item.unchecked_into())).collect())
}

/// Chromium and recent others tell the attributes too; the rest leave them undefined, and so they stay unknown.
fn script_cookie(item: CookieListItem) -> ScriptCookie {
    let attribute = |name: &str| Reflect::get(item.as_ref(), &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    let expires = attribute("expires");
    ScriptCookie {
        name: item.get_name().unwrap_or_default(),
        value: item.get_value().unwrap_or_default(),
        path: attribute("path").as_string(),
        expires: match expires.as_f64() {
            Some(milliseconds) => Expires::At((milliseconds / 1000.0) as i64),
            None if expires.is_null() => Expires::BrowserSession,
            None => Expires::Unknown,
        },
    }
}

fn parse(cookie_string: &str) -> Vec<ScriptCookie> {
    let pairs = cookie_string.split("; ").filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            ScriptCookie { name: name.into(), value: value.into(), path: None, expires: Expires::Unknown }
        })
        .collect()
}

pub(super) fn changed(name: &str, before: Option<&str>) -> Option<Option<Arc<str>>> {
    another(&parse(&cookie_string()), name, before)
}

/// What is there under a name instead of what was. Of cookies of one name under several paths it is enough that one is as
/// it was: the string does not tell their paths.
fn another(cookies: &[ScriptCookie], name: &str, before: Option<&str>) -> Option<Option<Arc<str>>> {
    let mut now = cookies.iter().filter(|cookie| cookie.name == name).map(|cookie| cookie.value.as_str());
    match before.map(trimmed) {
        None => now.next().map(|value| Some(value.into())),
        Some(before) => {
            let now: Vec<_> = now.collect();
            (!now.contains(&before)).then(|| now.first().map(|value| (*value).into()))
        }
    }
}

/// As a browser keeps a value (RFC 6265bis §5.6).
fn trimmed(value: &str) -> &str {
    value.trim_matches([' ', '\t'])
}

/// Writes the cookie and reads it back: a browser drops what it does not like without a word.
pub(super) fn put(draft: &Draft) -> Result<(), Refusal> {
    check_cookie(&draft.name, &draft.value)?;
    write(&line(draft))?;
    let kept = parse(&cookie_string()).into_iter().find(|cookie| cookie.name == draft.name);
    match kept {
        Some(cookie) if cookie.value == trimmed(&draft.value) => Ok(()),
        _ => {
            let size = bytes(&draft.name) + bytes(&draft.value);
            Err(if size > COOKIE_LIMIT_BYTES { Refusal::CookieTooLarge(size) } else { Refusal::CookieDropped })
        }
    }
}

/// A cookie is deleted by setting it again with an expiry in the past, under the same path.
pub(super) fn delete(draft: &Draft) -> Result<(), Refusal> {
    let path = draft.path.as_deref().unwrap_or("/");
    write(&format!("{}=; Path={path}; Max-Age=0{}", draft.name, secure(&draft.name)))?;
    let same = |cookie: &ScriptCookie| cookie.name == draft.name && cookie.value == *draft.value;
    if parse(&cookie_string()).iter().any(same) { Err(Refusal::CookieStays) } else { Ok(()) }
}

fn line(draft: &Draft) -> String {
    let Draft { name, value, expires, path } = draft;
    let path = path.as_deref().unwrap_or("/");
    let expires = match expires {
        Expires::At(second) => format!("; Expires={}", utc(*second)),
        _ => String::new(),
    };
    format!("{name}={value}; Path={path}; SameSite=Lax{expires}{}", secure(name))
}

/// The prefixes demand `Secure` (RFC 6265bis §4.1.3).
fn secure(name: &str) -> &'static str {
    if name.starts_with("__") { "; Secure" } else { "" }
}

pub(in crate::bench) fn write(line: &str) -> Result<(), Refusal> {
    document().ok_or(Refusal::Denied)?.set_cookie(line).map_err(|_| Refusal::Denied)
}

fn document() -> Option<HtmlDocument> {
    web_sys::window()?.document()?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_string_is_taken_apart() {
        let cookies = parse("a=1; b=x=y; nameless");
        let pairs: Vec<_> = cookies.iter().map(|cookie| (cookie.name.as_str(), cookie.value.as_str())).collect();
        assert_eq!(pairs, [("a", "1"), ("b", "x=y"), ("", "nameless")]);
        assert!(parse("").is_empty());
    }

    #[test]
    fn what_is_there_instead_of_what_was_is_told() {
        let cookies = parse("a=1; a=2; b=3");
        let another = |name, before| another(&cookies, name, before).map(|now| now.map(|now| now.to_string()));
        assert_eq!(another("a", Some("2")), None);
        assert_eq!(another("b", Some(" 3\t")), None);
        assert_eq!(another("c", None), None);
        assert_eq!(another("b", Some("4")), Some(Some("3".into())));
        assert_eq!(another("b", None), Some(Some("3".into())));
        assert_eq!(another("c", Some("4")), Some(None));
    }

    #[test]
    fn a_cookie_keeps_its_expiry_and_path_when_it_is_edited() {
        let mut draft = Draft::new("lab-a".into(), "1");
        assert_eq!(line(&draft), "lab-a=1; Path=/; SameSite=Lax");
        draft.expires = Expires::At(0);
        draft.path = Some("/lab".into());
        assert_eq!(line(&draft), "lab-a=1; Path=/lab; SameSite=Lax; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        draft = Draft::new("__Host-lab-a".into(), "1");
        assert_eq!(line(&draft), "__Host-lab-a=1; Path=/; SameSite=Lax; Secure");
    }
}
