//! Cookies as scripts see them: `cookieStore` where the browser has it, else `document.cookie`. Those that scripts do
//! not see are set and deleted over HTTP, and looked for at the server.

use super::{
    check::check_cookie,
    http::{echo, set},
    lanes::{asked_at, forget, remember},
    line::{Carrier, CookieLine},
};
use crate::{
    browser::{
        draft::Draft,
        entry::{CookieFlags, Expires, SameSite, ScriptCookie},
        names::{is_lab_name, is_probe},
        refusal::Refusal,
        sizes::COOKIE_LIMIT_BYTES,
    },
    sessions::SESSION_COOKIE,
    text::units::{kept, usv},
};
use js_sys::{Array, Reflect};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CookieListItem, CookieStore, HtmlDocument};

/// The browser's cookie store, where there is one.
pub(crate) fn cookie_store() -> Option<CookieStore> {
    let store = Reflect::get(web_sys::window()?.as_ref(), &JsValue::from_str("cookieStore")).ok()?;
    store.is_object().then(|| store.unchecked_into())
}

/// The string that scripts without `cookieStore` have to watch.
pub(crate) fn cookie_string() -> String {
    kept(document().and_then(|document| document.cookie().ok()).unwrap_or_default())
}

/// Whether the browser denies scripts the cookies.
pub(crate) fn denied() -> bool {
    document().is_none_or(|document| document.cookie().is_err())
}

/// All cookies that scripts see, sorted by name.
pub(crate) async fn list() -> Vec<ScriptCookie> {
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
    let same_site = attribute("sameSite").as_string().and_then(|told| match told.as_str() {
        "lax" => Some(SameSite::Lax),
        "strict" => Some(SameSite::Strict),
        "none" => Some(SameSite::None),
        _ => None,
    });
    ScriptCookie {
        name: kept(item.get_name().unwrap_or_default()),
        value: kept(item.get_value().unwrap_or_default()),
        path: attribute("path").as_string(),
        flags: CookieFlags {
            domain: attribute("domain").as_string(),
            secure: attribute("secure").as_bool(),
            http_only: Some(false),
            same_site,
            partitioned: attribute("partitioned").as_bool(),
        },
        expires: match expires.as_f64() {
            Some(milliseconds) => Expires::At((milliseconds / 1000.0) as i64),
            None if expires.is_null() => Expires::BrowserSession,
            None => Expires::Unknown,
        },
    }
}

/// The cookies of the string that scripts see.
pub(crate) fn parse(cookie_string: &str) -> Vec<ScriptCookie> {
    let pairs = cookie_string.split("; ").filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            ScriptCookie {
                name: name.into(),
                value: value.into(),
                path: None,
                expires: Expires::Unknown,
                flags: CookieFlags::default(),
            }
        })
        .collect()
}

/// What scripts see under a name instead of what was there; `known` are the cookies that the page knows. Of cookies of one
/// name it is enough that one is as it was: the string tells neither their paths nor their partitions.
pub(crate) fn changed(known: &[ScriptCookie], name: &str, before: Option<&Draft>) -> Option<Option<Arc<str>>> {
    let out_of_sight = |draft: &Draft| {
        draft.unseen || draft.flags.http_only == Some(true) || draft.path.as_deref().is_some_and(|path| path != "/")
    };
    if before.is_some_and(out_of_sight) {
        return None;
    }
    another(&parse(&cookie_string()), known, name, before.map(|draft| &*draft.value))
}

fn another(
    cookies: &[ScriptCookie],
    known: &[ScriptCookie],
    name: &str,
    before: Option<&str>,
) -> Option<Option<Arc<str>>> {
    let of = |cookies: &[ScriptCookie]| -> Vec<Arc<str>> {
        cookies.iter().filter(|cookie| cookie.name == name).map(|cookie| cookie.value.as_str().into()).collect()
    };
    let (now, known) = (of(cookies), of(known));
    match before.map(|before| before.trim_matches([' ', '\t'])) {
        None => now.into_iter().find(|value| !known.contains(value)).map(Some),
        Some(before) if now.iter().any(|value| **value == *before) => None,
        Some(_) => Some(now.into_iter().next()),
    }
}

/// Sets the cookie and looks whether it is there: a browser drops what it does not like without a word.
pub(crate) async fn put(draft: &Draft) -> Result<(), Refusal> {
    check_cookie(&draft.name, &draft.value)?;
    let line = CookieLine::of(draft);
    let carrier = if line.http_only { Carrier::Http } else { Carrier::Script };
    let fits = line.pair_bytes() <= COOKIE_LIMIT_BYTES;
    let mut kept = set_and_look(&line, carrier).await?;
    // A cookie that is put back may have to take the place of one that is HttpOnly, over which no script writes.
    if !kept && fits && carrier == Carrier::Script && draft.flags.secure.is_some() && is_lab_name(&draft.name) {
        kept = set_and_look(&line, Carrier::Http).await?;
    }
    match (kept, fits) {
        (true, _) => Ok(()),
        (false, false) => Err(Refusal::CookieTooLarge(line.pair_bytes())),
        (false, true) => Err(Refusal::CookieDropped),
    }
}

/// What cannot be looked for is taken to be there.
async fn set_and_look(line: &CookieLine, carrier: Carrier) -> Result<bool, Refusal> {
    hand_over(&line.text(), carrier).await?;
    let path = line.effective_path(carrier);
    remember(&line.name, path);
    if !line.http_only && path == "/" {
        let cookies = parse(&cookie_string());
        return Ok(cookies.iter().any(|cookie| cookie.name == line.name && cookie.value == line.kept_value()));
    }
    let Some(at) = asked_at(path) else { return Ok(true) };
    let arrived = echo(&at).await.unwrap_or_default();
    Ok(arrived.iter().any(|cookie| cookie.name == line.name && cookie.bytes == line.pair_bytes()))
}

/// The paths under which a cookie may lie that arrives where the bench looks, when nobody tells which it is.
const ANYWHERE: [&str; 5] = ["/", "/api", "/api/observe", "/lab", "/lab/echo"];

/// A cookie is deleted by setting it again with an expiry in the past, under the same path, domain and partition.
pub(crate) async fn delete(draft: &Draft) -> Result<(), Refusal> {
    if draft.name.eq_ignore_ascii_case(SESSION_COOKIE) {
        return Err(Refusal::Protected);
    }
    let line = CookieLine::of(draft).deletion();
    let path = line.effective_path(Carrier::Script);
    if !line.http_only && !draft.unseen {
        hand_over(&line.text(), Carrier::Script).await?;
        forget(&draft.name, path);
        let same = |cookie: &ScriptCookie| cookie.name == draft.name && cookie.value == *draft.value;
        let stays = path == "/" && parse(&cookie_string()).iter().any(same);
        return if stays { Err(Refusal::CookieStays) } else { Ok(()) };
    }
    if !is_lab_name(&draft.name) {
        return Err(Refusal::CookieStays);
    }
    let paths = if draft.path.is_some() { &[path][..] } else { &ANYWHERE };
    for path in paths {
        let line = CookieLine { http_only: true, path: Some((*path).to_owned()), ..line.clone() };
        // Whether a cookie that scripts do not see is partitioned nobody tells: it goes either way.
        let partitioned = CookieLine { partitioned: true, secure: true, ..line.clone() };
        for line in [&line, &partitioned] {
            hand_over(&line.text(), Carrier::Http).await?;
        }
        forget(&draft.name, path);
    }
    let arrived = match asked_at(path) {
        Some(at) => echo(&at).await.unwrap_or_default(),
        None => Vec::new(),
    };
    if arrived.iter().any(|cookie| cookie.name == draft.name) { Err(Refusal::CookieStays) } else { Ok(()) }
}

/// Hands a line to the browser, exactly as it stands.
pub(crate) async fn hand_over(line: &str, carrier: Carrier) -> Result<(), Refusal> {
    match carrier {
        Carrier::Script => write(line),
        Carrier::Http => set(line).await,
    }
}

pub(crate) fn write(line: &str) -> Result<(), Refusal> {
    document().ok_or(Refusal::Denied)?.set_cookie(&usv(line)).map_err(|_| Refusal::Denied)
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
        let (cookies, known) = (parse("a=1; a=2; b=3"), parse("a=1; a=2"));
        let another = |name, before| another(&cookies, &known, name, before).map(|now| now.map(|now| now.to_string()));
        assert_eq!(another("a", Some("2")), None);
        assert_eq!(another("b", Some(" 3\t")), None);
        assert_eq!(another("c", None), None);
        assert_eq!(another("a", None), None, "one of another path or partition");
        assert_eq!(another("b", Some("4")), Some(Some("3".into())));
        assert_eq!(another("b", None), Some(Some("3".into())));
        assert_eq!(another("c", Some("4")), Some(None));
    }
}
