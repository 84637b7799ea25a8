//! The cookies of the app's page: as its scripts see them, and as they travel where the page came through the lab's port.
//!
//! Only scripts of the page write what scripts may. What they may not see is deleted by the lab: cookies know no ports
//! (RFC 6265bis §8.5), so that an answer of the lab's sets those of the app at the same host.

use super::port::{ask, items};
use crate::{
    AppError,
    browser::{
        COOKIE_LIMIT_BYTES, Draft, MOST_LINES, Refusal, ScriptCookie,
        cookies::{self, Carrier, CookieLine, check_cookie, count_in, deletions, paths_to},
        is_probe,
        optional::Trouble,
    },
    client::http::Request,
    json::{FromJson, Value},
    sessions::Observation,
    ui::random,
};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast;

thread_local! {
    /// The path of the page, as of the last look.
    static PATH: RefCell<String> = const { RefCell::new(String::new()) };
    /// Whether the page's requests come through the port, as of the last look.
    static SEES_WIRE: Cell<bool> = const { Cell::new(false) };
    /// What its scripts saw as of the last look.
    static SEEN: RefCell<Vec<ScriptCookie>> = const { RefCell::new(Vec::new()) };
    /// Names and values of cookies that were deleted here, with the path under which they lay, where no browser told it.
    static LAY_UNDER: RefCell<Vec<(String, String, String)>> = const { RefCell::new(Vec::new()) };
}

/// Whether the page's requests come through the port, as of the last look.
pub(super) fn sees_wire() -> bool {
    SEES_WIRE.get()
}

/// The cookies that the page's scripts see, sorted by name; those of the last look where the page does not answer.
pub(super) async fn list() -> Vec<ScriptCookie> {
    let Ok(seen) = ask("cookies", &[]).await else { return SEEN.with_borrow(Clone::clone) };
    PATH.set(seen.get("path").text().unwrap_or_default());
    let told = seen.get("items");
    let mut cookies: Vec<_> = match told.is_null() {
        false => items(&told).into_iter().map(|item| cookies::script_cookie(item.unchecked_into())).collect(),
        true => cookies::parse(&seen.get("string").text().unwrap_or_default()),
    };
    cookies.retain(|cookie| !is_probe(&cookie.name));
    cookies.sort_by(|a, b| a.name.cmp(&b.name));
    SEEN.set(cookies.clone());
    cookies
}

/// What the page's requests carry. The page sends one that the port answers by itself, and the lab tells what came with it:
/// names and sizes, never values.
pub(super) async fn observe() -> Result<Observation, AppError> {
    let probe = random().map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let probe = probe.ok_or(AppError::Internal)?;
    let asked = ask("probe", &[("probe", (&probe).into())]).await;
    let seen = asked.is_ok_and(|answer| answer.get("answered").flag() == Some(true));
    let path = if seen { format!("/app/observation?probe={probe}") } else { "/app/observation".to_owned() };
    let answer = Request::get(path).send().await?.success().await?.json().await?;
    let is_seen = answer.get("seen").flag() == Some(true);
    // A page that does not answer now has not lost its cookies.
    if SEES_WIRE.replace(is_seen || SEES_WIRE.get()) && !is_seen {
        return Err(AppError::Unreachable);
    }
    Observation::from_json(&answer).ok_or(AppError::Internal)
}

/// Does what an edit says.
pub(super) async fn write(before: Option<&Draft>, after: Option<&Draft>) -> Result<(), Refusal> {
    let name = &after.or(before).ok_or(Refusal::NoName)?.name;
    if before.is_none_or(|before| !is_hidden(before)) {
        let now = cookies::another(&string().await?, &[], name, before.map(|draft| &*draft.value));
        match now {
            Some(None) if after.is_none() => return Ok(()),
            Some(now) => return Err(Refusal::Trouble(Trouble::Changed(now))),
            None => {}
        }
    }
    match (before, after) {
        (before, Some(after)) => put(before, after).await,
        (Some(before), None) if is_hidden(before) => delete_hidden(before).await,
        (Some(before), None) => delete(before).await,
        (None, None) => Ok(()),
    }
}

/// Whether scripts of the page do not see it.
fn is_hidden(draft: &Draft) -> bool {
    draft.unseen && draft.flags.http_only != Some(false)
}

async fn string() -> Result<String, Refusal> {
    let seen = ask("cookies", &[]).await.map_err(Refusal::Trouble)?;
    PATH.set(seen.get("path").text().unwrap_or_default());
    Ok(seen.get("string").text().unwrap_or_default())
}

/// Lets the page's script set a line; what it sees then.
async fn set(line: &CookieLine) -> Result<String, Refusal> {
    let answer = ask("cookie", &[("line", line.text().into())]).await.map_err(Refusal::Trouble)?;
    Ok(answer.get("string").text().unwrap_or_default())
}

/// The paths under which a cookie may lie that arrives at the page, the longest first.
fn paths() -> Vec<String> {
    let page = PATH.with_borrow(Clone::clone);
    paths_to(&page).into_iter().map(str::to_owned).chain(["/".to_owned()]).collect()
}

/// The value of a name that scripts saw before and see no more.
fn lost(before: &str, now: &str, name: &str) -> Option<String> {
    let mut before = cookies::parse(before).into_iter().filter(|cookie| cookie.name == name).map(|cookie| cookie.value);
    let is_lost = |value: &String| count_in(now, name, value) == 0;
    before.find(is_lost)
}

async fn put(before: Option<&Draft>, after: &Draft) -> Result<(), Refusal> {
    check_cookie(&after.name, &after.value)?;
    let mut line = CookieLine::of(after);
    let name = &*after.name;
    if let Some(before) = before.filter(|before| after.path.is_none() && before.value != after.value) {
        return put_where(before, &line).await;
    }
    if after.path.is_none() {
        let lay = |(was, value, _): &&(String, String, String)| was == name && *value == line.value;
        let path = LAY_UNDER.with_borrow(|all| all.iter().rev().find(lay).map(|(.., path)| path.clone()));
        line.path = path.or(line.path);
    }
    set(&line).await?;
    let is_there = count_in(&string().await?, name, line.kept_value()) > 0;
    // What is for another path nobody sees from the page.
    let is_elsewhere = !cookies::path_matches(&PATH.with_borrow(Clone::clone), line.effective_path(Carrier::Script));
    match (is_elsewhere || is_there, line.pair_bytes() <= COOKIE_LIMIT_BYTES) {
        (true, _) => Ok(()),
        (false, false) => Err(Refusal::CookieTooLarge(line.pair_bytes())),
        (false, true) => Err(Refusal::CookieDropped),
    }
}

/// Puts a cookie over one whose path the browser does not tell: under one path after the other, until the old value is gone. What
/// came under a wrong one is taken back, and another cookie that lay there gets its value again.
async fn put_where(before: &Draft, line: &CookieLine) -> Result<(), Refusal> {
    let name = &*line.name;
    let mut seen = string().await?;
    let there = count_in(&seen, name, &before.value);
    for path in paths() {
        let line = CookieLine { path: Some(path), ..line.clone() };
        let now = set(&line).await?;
        if count_in(&now, name, &before.value) < there {
            return Ok(());
        }
        let back = match lost(&seen, &now, name) {
            Some(value) => CookieLine { value, ..line.clone() },
            None => line.deletion(),
        };
        seen = set(&back).await?;
    }
    let fits = line.pair_bytes() <= COOKIE_LIMIT_BYTES;
    Err(if fits { Refusal::CookieDropped } else { Refusal::CookieTooLarge(line.pair_bytes()) })
}

/// Under one path after the other, where the browser tells none: another cookie of the name that lay under one gets its value again.
async fn delete(draft: &Draft) -> Result<(), Refusal> {
    let name = &*draft.name;
    let mut seen = string().await?;
    let there = count_in(&seen, name, &draft.value);
    for line in under_paths(draft, &CookieLine::of(draft).deletion()) {
        let now = set(&line).await?;
        if count_in(&now, name, &draft.value) < there {
            if draft.path.is_none() {
                let path = line.path.unwrap_or_default();
                LAY_UNDER.with_borrow_mut(|all| all.push((draft.name.clone(), draft.value.to_string(), path)));
            }
            return Ok(());
        }
        seen = match lost(&seen, &now, name) {
            Some(value) => set(&CookieLine { value, max_age: None, ..line }).await?,
            None => now,
        };
    }
    Err(Refusal::CookieStays)
}

/// The lines that delete a cookie: under its path and domain, or under all that it may have.
fn under_paths(draft: &Draft, line: &CookieLine) -> Vec<CookieLine> {
    let paths = draft.path.clone().map_or_else(paths, |path| vec![path]);
    let line_under = |path: String| CookieLine { path: Some(path), ..line.clone() };
    paths.into_iter().map(line_under).flat_map(|line| deletions(draft, &line)).collect()
}

async fn delete_hidden(draft: &Draft) -> Result<(), Refusal> {
    // The page may be at another path by now.
    string().await?;
    let line = CookieLine { http_only: true, ..CookieLine::of(draft).deletion() };
    let arriving = async || {
        let seen = observe().await.ok().filter(|_| sees_wire())?;
        Some(seen.cookies.iter().filter(|cookie| cookie.name == draft.name).count())
    };
    let before = arriving().await;
    let lines = under_paths(draft, &line);
    for lines in lines.chunks(MOST_LINES) {
        let fields = lines.iter().map(|line| ("line", line.text()));
        let sent = async { Request::post("/app/cookie", fields).send().await?.success().await };
        sent.await.map_err(Refusal::Server)?;
    }
    match (before, arriving().await) {
        (Some(before), Some(after)) if after < before => Ok(()),
        _ => Err(Refusal::CookieStays),
    }
}
