//! Cookies as scripts see them: `cookieStore` where the browser has it, else `document.cookie`. Those that scripts do
//! not see are set and deleted over HTTP, and looked for at the server.

use super::{
    check::check_cookie,
    http::{ECHO, MOST_LINE_BYTES, MOST_LINES, echo, set, set_all},
    lanes::{OBSERVED_AT, asked_at, domains_of, forget, paths_to, remember},
    line::{Carrier, CookieLine, pair, trimmed},
};
use crate::{
    browser::{
        draft::Draft,
        entry::{CookieFlags, Expires, SameSite, ScriptCookie},
        names::{is_lab_name, is_probe},
        refusal::Refusal,
        sizes::COOKIE_LIMIT_BYTES,
        source,
    },
    sessions::{SESSION_COOKIE, observe},
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
    if let Some(app) = source::app() {
        return (app.cookies)().await;
    }
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
pub(crate) fn script_cookie(item: CookieListItem) -> ScriptCookie {
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

fn pairs(cookie_string: &str) -> impl Iterator<Item = &str> {
    cookie_string.split("; ").filter(|pair| !pair.is_empty())
}

/// How many cookies scripts see that are sent as this pair.
fn seen(name: &str, value: &str) -> usize {
    count_in(&cookie_string(), name, value)
}

/// How many cookies of a cookie string are sent as this pair.
pub(crate) fn count_in(cookies: &str, name: &str, value: &str) -> usize {
    let pair = pair(name, value);
    pairs(cookies).filter(|seen| *seen == pair).count()
}

/// The cookies of the string that scripts see.
pub(crate) fn parse(cookie_string: &str) -> Vec<ScriptCookie> {
    pairs(cookie_string)
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
/// name it is enough that one is as it was: the string tells neither their paths nor their partitions. An app's page looks by
/// itself.
pub(crate) fn changed(known: &[ScriptCookie], name: &str, before: Option<&Draft>) -> Option<Option<Arc<str>>> {
    if source::app().is_some() {
        return None;
    }
    let out_of_sight = |draft: &Draft| {
        draft.unseen || draft.flags.http_only == Some(true) || draft.path.as_deref().is_some_and(|path| path != "/")
    };
    if before.is_some_and(out_of_sight) {
        return None;
    }
    another(&cookie_string(), known, name, before.map(|draft| &*draft.value))
}

/// What a cookie string holds under a name instead of what was there.
pub(crate) fn another(
    cookies: &str,
    known: &[ScriptCookie],
    name: &str,
    before: Option<&str>,
) -> Option<Option<Arc<str>>> {
    let known: Vec<_> = known.iter().filter(|cookie| cookie.name == name).map(|cookie| cookie.value.as_str()).collect();
    let now: Vec<&str> = pairs(cookies)
        .filter_map(|pair| match pair.split_once('=') {
            Some((named, value)) if !name.is_empty() => (named == name).then_some(value),
            None if name.is_empty() => Some(pair),
            // Whether it is a value that has a `=` in it only `cookieStore` tells.
            _ => (name.is_empty() && (known.contains(&pair) || before == Some(pair))).then_some(pair),
        })
        .collect();
    match before.map(trimmed) {
        None => now.into_iter().find(|value| !known.contains(value)).map(|value| Some(value.into())),
        Some(before) if now.contains(&before) => None,
        Some(_) => Some(now.into_iter().next().map(Arc::from)),
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
    let text = match (carrier, line.read_expires()) {
        // Over HTTP browsers may correct a date by the server's clock; a span is the same by both.
        (Carrier::Http, Some(end)) => {
            let left = end - (js_sys::Date::now() / 1_000.0) as i64;
            CookieLine { max_age: Some(left.to_string()), expires: None, ..line.clone() }.text()
        }
        _ => line.text(),
    };
    hand_over(&text, carrier).await?;
    let path = line.effective_path(carrier);
    remember(&line.name, path);
    if !line.http_only && path == "/" {
        return Ok(seen(&line.name, line.kept_value()) > 0);
    }
    let Some(at) = asked_at(path) else { return Ok(true) };
    let arrived = echo(&at).await.unwrap_or_default();
    Ok(arrived.iter().any(|cookie| cookie.name == line.name && cookie.bytes == line.pair_bytes()))
}

/// A cookie is deleted by setting it again with an expiry in the past, under the same path, domain and partition. Where these
/// are not told, those are tried that it may have, until there is one less.
pub(crate) async fn delete(draft: &Draft) -> Result<(), Refusal> {
    if draft.name.eq_ignore_ascii_case(SESSION_COOKIE) {
        return Err(Refusal::Protected);
    }
    let line = CookieLine::of(draft).deletion();
    // Scripts see one that they do not read whole.
    if line.http_only || draft.unseen && draft.flags.http_only != Some(false) {
        if is_lab_name(&draft.name) { delete_by_http(draft, &line).await } else { Err(Refusal::CookieStays) }
    } else {
        delete_by_script(draft, &line)
    }
}

fn delete_by_script(draft: &Draft, line: &CookieLine) -> Result<(), Refusal> {
    let path = line.effective_path(Carrier::Script);
    forget(&draft.name, path);
    let before = seen(&draft.name, &draft.value);
    for deletion in deletions(draft, line) {
        write(&deletion.text())?;
        // Nobody sees from here what is for another path.
        if path != "/" || seen(&draft.name, &draft.value) < before.max(1) {
            return Ok(());
        }
    }
    Err(Refusal::CookieStays)
}

async fn delete_by_http(draft: &Draft, line: &CookieLine) -> Result<(), Refusal> {
    let known = line.effective_path(Carrier::Script);
    let (paths, at) = match (&draft.path, &draft.only_at) {
        (None, Some(at)) => (paths_to(at), Some(at.clone())),
        _ => (vec![known], asked_at(known)),
    };
    let before = arriving(at.as_deref(), &draft.name).await;
    for path in paths {
        for deletion in deletions(draft, line) {
            let deletion = CookieLine { http_only: true, path: Some(path.to_owned()), ..deletion };
            hand_over(&deletion.text(), Carrier::Http).await?;
            if before > Some(0) && arriving(at.as_deref(), &draft.name).await < before {
                forget(&draft.name, path);
                return Ok(());
            }
        }
    }
    if before > Some(0) {
        return Err(Refusal::CookieStays);
    }
    // What does not arrive has gone, and what nobody can look for is taken to have.
    forget(&draft.name, known);
    Ok(())
}

/// The paths under which a cookie may lie that arrives where the lab looks.
pub(crate) const ANYWHERE: [&str; 8] = ["/", "/api", "/api/", OBSERVED_AT, "/echo", "/lab", "/lab/", ECHO];

/// Deletes all that the lab has under a name for these paths, whatever the domain and the partition, also what no script sees.
pub(crate) async fn delete_hidden(name: &str, paths: &[&str]) -> Result<(), Refusal> {
    let draft = Draft { unseen: true, ..Draft::new(name.to_owned(), "") };
    let line = CookieLine { http_only: true, ..CookieLine::of(&draft).deletion() };
    let mut lines = Vec::new();
    for deletion in deletions(&draft, &line) {
        for path in paths {
            lines.push(CookieLine { path: Some((*path).to_owned()), ..deletion.clone() }.text());
        }
    }
    for some in lines.chunks(at_once(&lines)) {
        set_all(some).await?;
    }
    for path in paths {
        forget(name, path);
    }
    Ok(())
}

/// How many of such lines the server sends in one answer. One that is too long by itself is the server's to refuse.
fn at_once(lines: &[String]) -> usize {
    let longest = lines.iter().map(String::len).fold(1, usize::max);
    (MOST_LINE_BYTES / longest).clamp(1, MOST_LINES)
}

/// How many cookies of a name arrive there; `None` where nobody can look.
async fn arriving(at: Option<&str>, name: &str) -> Option<usize> {
    let cookies = match at? {
        OBSERVED_AT => observe().await.ok()?.cookies,
        at => echo(at).await?,
    };
    Some(cookies.iter().filter(|cookie| cookie.name == name).count())
}

/// The line for each domain and partition that the cookie may have: where its attributes are told, the one line.
pub(crate) fn deletions(draft: &Draft, line: &CookieLine) -> Vec<CookieLine> {
    if draft.flags.secure.is_some() {
        return vec![line.clone()];
    }
    let host = web_sys::window().and_then(|window| window.location().hostname().ok()).unwrap_or_default();
    let of_hosts = domains_of(&host).into_iter().map(|domain| Some(domain.to_owned()));
    let all = [None].into_iter().chain(of_hosts).flat_map(|domain| {
        let line = CookieLine { domain, ..line.clone() };
        let partitioned = CookieLine { partitioned: true, secure: true, ..line.clone() };
        [line, partitioned]
    });
    all.collect()
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
    use super::{super::http::ECHO_AT_ROOT, *};

    #[test]
    fn the_cookie_string_is_taken_apart() {
        let cookies = parse("a=1; b=x=y; nameless");
        let pairs: Vec<_> = cookies.iter().map(|cookie| (cookie.name.as_str(), cookie.value.as_str())).collect();
        assert_eq!(pairs, [("a", "1"), ("b", "x=y"), ("", "nameless")]);
        assert!(parse("").is_empty());
    }

    #[test]
    fn as_many_lines_go_at_once_as_the_server_takes() {
        let at_once = |bytes: &[usize]| at_once(&bytes.iter().map(|bytes| "x".repeat(*bytes)).collect::<Vec<_>>());
        assert_eq!(at_once(&[100, 128, 1]), MOST_LINES);
        assert_eq!(at_once(&[129]), MOST_LINES - 1);
        assert_eq!(at_once(&[1, 4_096]), 2);
        assert_eq!(at_once(&[MOST_LINE_BYTES + 1]), 1);
        assert_eq!(at_once(&[]), MOST_LINES);
    }

    #[test]
    fn the_lab_s_cookies_are_looked_for_wherever_they_may_lie() {
        let mut paths: Vec<_> = [OBSERVED_AT, ECHO, ECHO_AT_ROOT].into_iter().flat_map(paths_to).chain(["/"]).collect();
        paths.sort_unstable();
        assert_eq!(paths, ANYWHERE);
    }

    #[test]
    fn what_is_there_instead_of_what_was_is_told() {
        let known = parse("a=1; a=2");
        let another = |name, before| {
            another("a=1; a=2; b=3; lonely", &known, name, before).map(|now| now.map(|now| now.to_string()))
        };
        assert_eq!(another("a", Some("2")), None);
        assert_eq!(another("b", Some(" 3\t")), None);
        assert_eq!(another("c", None), None);
        assert_eq!(another("a", None), None, "one of another path or partition");
        assert_eq!(another("b", Some("4")), Some(Some("3".into())));
        assert_eq!(another("b", None), Some(Some("3".into())));
        assert_eq!(another("c", Some("4")), Some(None));
        assert_eq!(another("", Some("lonely")), None);
        assert_eq!(another("", Some("b=3")), None, "a value that has a = in it");
        assert_eq!(another("", Some("gone")), Some(Some("lonely".into())));
        assert_eq!(another("", None), Some(Some("lonely".into())));
    }
}
