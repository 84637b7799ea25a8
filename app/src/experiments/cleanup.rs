//! The names of a run, and taking away what bears them.

use super::client::Ask;
use crate::{
    browser::{
        Area,
        cookies::{ANYWHERE, Carrier, CookieLine, cookie_string, delete_hidden, parse, write},
        is_lab_name,
    },
    ui::random,
};
use std::fmt;

/// How the names of all runs begin. The bench's "Reset the lab" removes them too.
const BEGINS: &str = "lab-x";
/// A run that began so many seconds ago has broken off: its page was left or reloaded.
const OLD: u32 = 10 * 60;

/// How the names of one run begin: with the second in which it began and something random, in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    second: u32,
    random: u16,
}

impl Tag {
    /// Of a run that begins now; `None` without randomness.
    pub fn new() -> Option<Self> {
        let [first, second, ..] = random()?;
        Some(Self { second: now(), random: u16::from_be_bytes([first, second]) })
    }

    /// Of the run that made what has this name.
    fn of(name: &str) -> Option<Self> {
        let begins = name.to_ascii_lowercase().find(BEGINS).filter(|_| is_lab_name(name))?;
        let digits = name.get(begins + BEGINS.len()..)?;
        let part = |range| digits.get(range);
        let second = u32::from_str_radix(part(0..8)?, 16).ok()?;
        let random = u16::from_str_radix(part(8..12)?, 16).ok()?;
        (part(12..13)? == "-").then_some(Self { second, random })
    }

    fn is_old(self, now: u32) -> bool {
        self.second.saturating_add(OLD) < now
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{BEGINS}{:08x}{:04x}-", self.second, self.random)
    }
}

/// UTC seconds.
fn now() -> u32 {
    (js_sys::Date::now() / 1_000.0) as u32
}

/// Takes away what a run made: the cookies of these lines, and whatever bears its names where scripts see it.
pub(super) async fn remove(tag: Tag, lines: &[(String, Carrier)]) {
    remove_cookies(lines).await;
    from_web_storage(|found| found == tag);
    for cookie in parse(&cookie_string()) {
        if Tag::of(&cookie.name) == Some(tag) {
            let _ = write(&format!("{}=; Max-Age=0; Path=/", cookie.name));
        }
    }
}

/// Takes away the cookies of these lines.
pub(super) async fn remove_cookies(lines: &[(String, Carrier)]) {
    for (line, carrier) in lines {
        let deletion = CookieLine::parse(line).deletion().text();
        match carrier {
            Carrier::Script => drop(write(&deletion)),
            // Without an answer there is nothing more to be done; the next run looks again.
            Carrier::Http => drop(Ask::post("/lab/cookie", &[("line", &deletion)]).send().await),
        }
    }
}

/// Takes away what runs left behind that broke off, also what scripts do not see.
pub(super) async fn sweep_old() {
    let now = now();
    from_web_storage(|tag| tag.is_old(now));
    let Ok(Ok(echo)) = Ask::get("/lab/echo").send().await.map(|answer| answer.echo()) else { return };
    let scripts = parse(&cookie_string()).into_iter().map(|cookie| cookie.name);
    let mut names: Vec<_> = echo.received.cookies.into_iter().map(|cookie| cookie.name).chain(scripts).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().filter(|name| Tag::of(name).is_some_and(|tag| tag.is_old(now))) {
        let _ = delete_hidden(&name, &ANYWHERE).await;
    }
}

fn from_web_storage(is_to_go: impl Fn(Tag) -> bool) {
    for area in [Area::Local, Area::Session] {
        let Ok(storage) = area.open() else { continue };
        let names = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok().flatten());
        let going: Vec<_> = names.filter(|name| Tag::of(name).is_some_and(&is_to_go)).collect();
        for name in going {
            let _ = area.delete(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: Tag = Tag { second: 0x6b_0a_11_c2, random: 0xab };

    #[test]
    fn a_name_tells_the_run_that_made_it() {
        assert_eq!(TAG.to_string(), "lab-x6b0a11c200ab-");
        for name in ["lab-x6b0a11c200ab-colour", "lab-x6b0a11c200ab-", "__Host-lab-x6b0a11c200ab-colour"] {
            assert_eq!(Tag::of(name), Some(TAG), "{name}");
        }
    }

    #[test]
    fn what_no_run_made_is_let_be() {
        for name in
            ["lab-colour", "lab-x", "lab-x6b0a11c2-", "lab-x6b0a11c200abcolour", "x-lab-x6b0a11c200ab-c", "lab-xé"]
        {
            assert_eq!(Tag::of(name), None, "{name}");
        }
    }

    #[test]
    fn a_run_is_old_after_ten_minutes() {
        assert!(!TAG.is_old(TAG.second + OLD));
        assert!(TAG.is_old(TAG.second + OLD + 1));
    }
}
