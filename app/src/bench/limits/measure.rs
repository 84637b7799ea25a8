//! The measurement itself: one store after the other, in small steps between which the page does its work.

use super::{
    browser::browser_name,
    cleanup::LOCK,
    model::{KEPT_AS, Limits, Measuring, Progress},
};
use crate::{
    bench::state::Bench,
    browser::{
        Area, Entry, PROBE, Search, Store,
        locks::{Taken, hold},
        probe::{ALPHABETS, Filling, attribute_fits, cookie_fits, pause, sweep},
        units,
    },
};
use leptos::{ev, prelude::*};

/// The measurements that [`measure`] makes.
pub(super) const MEASUREMENTS: u32 = 9;
/// With more cookies than this none is added: one more could push out others.
const MOST_COOKIES: usize = 140;
/// Nothing larger is looked for: bytes of a cookie, UTF-16 units of an area.
const MOST_BYTES: u32 = 65_536;
const MOST_UNITS: u32 = 33_554_432;

const NOTHING_KEPT: &str = "Not measured: this browser keeps neither cookies nor web storage for this page. Allow the site to \
                            store data, or free some space, then measure again.";

/// Why there is no result.
enum Stopped {
    /// The visitor said so, or left the page.
    Cancelled,
    /// What is kept in the store changed meanwhile, again and again.
    Restless,
}

/// Measures everything, keeps the result and says so.
pub(super) async fn measure(bench: Bench, measuring: Measuring) {
    let Some(_alone) = hold(LOCK, Taken::GiveUp).await else {
        return bench.status.set("Another tab is measuring. Wait until it has finished.".to_owned());
    };
    measuring.cancelled.set(false);
    bench.filling.set_value(true);
    // Whoever leaves leaves nothing behind.
    let leaving = window_event_listener(ev::pagehide, move |_| sweep());
    let outcome = all(bench, measuring).await;
    leaving.remove();
    sweep();
    let _ = measuring.progress.try_set(None);
    bench.filling.set_value(false);
    let said = match outcome {
        Ok(limits) => keep(bench, measuring, &limits),
        Err(Stopped::Cancelled) => "Measuring was cancelled; nothing is left behind.",
        Err(Stopped::Restless) => "Not measured: something else wrote to the store meanwhile. Try again.",
    };
    let _ = bench.status.try_set(said.to_owned());
}

fn keep(bench: Bench, measuring: Measuring, limits: &Limits) -> &'static str {
    if limits.are_unknown() {
        return NOTHING_KEPT;
    }
    let Ok(text) = serde_json::to_string(limits) else { return "" };
    let kept = bench.remember_setting(KEPT_AS, Some(&text));
    let _ = measuring.unkept.try_set((!kept).then(|| limits.clone()));
    match kept {
        true => "Measured: the meters and the tables use it from now on.",
        false => "Measured. localStorage does not keep the result: it is known here until this page is left.",
    }
}

async fn all(bench: Bench, measuring: Measuring) -> Result<Limits, Stopped> {
    let mut limits = Limits {
        browser: browser_name(&window().navigator().user_agent().unwrap_or_default()),
        at: (js_sys::Date::now() / 1_000.0) as i64,
        ..Limits::default()
    };
    let mut done = 0;
    let mut next = |what: String| {
        let progress = Progress { what, fits: 0, done };
        done += 1;
        measuring.progress.try_set(Some(progress)).map_or(Ok(()), |_| Err(Stopped::Cancelled))
    };
    let few = bench.entries(Store::Cookies).with_untracked(|cookies| cookies.len() <= MOST_COOKIES);
    for (place, letter) in ["a", "é"].into_iter().enumerate() {
        next(format!("a cookie filled with {letter}"))?;
        if few {
            limits.cookie[place] = cookie(measuring, |bytes| cookie_fits(letter, bytes)).await?;
        }
    }
    next("a cookie's attribute".to_owned())?;
    if few {
        limits.attribute = cookie(measuring, attribute_fits).await?;
    }
    for (place, letter) in ALPHABETS.into_iter().enumerate() {
        next(format!("sessionStorage filled with {letter}"))?;
        limits.session[place] = area(measuring, Area::Session, letter).await?.0;
    }
    for (place, letter) in ALPHABETS.into_iter().enumerate() {
        next(format!("localStorage filled with {letter}"))?;
        let (found, other_has_room) = area(measuring, Area::Local, letter).await?;
        limits.local[place] = found;
        limits.separate = limits.separate.or(other_has_room);
    }
    Ok(limits)
}

/// Tells how far it is, lets the page work, and finds out whether to go on.
async fn step(measuring: Measuring, search: Search) -> Result<(), Stopped> {
    let _ = measuring.progress.try_update(|progress| {
        if let Some(progress) = progress {
            progress.fits = search.so_far();
        }
    });
    pause().await;
    if measuring.cancelled.try_get_untracked() == Some(false) { Ok(()) } else { Err(Stopped::Cancelled) }
}

async fn cookie(measuring: Measuring, fits: impl Fn(u32) -> bool) -> Result<Option<u32>, Stopped> {
    let mut search = Search::up_to(MOST_BYTES);
    while let Some(bytes) = search.ask() {
        search.tell(bytes, fits(bytes));
        step(measuring, search).await?;
    }
    // Where not even a probe's name is kept, the limit cannot be told.
    Ok(search.found().filter(|found| *found > PROBE.len() as u32))
}

/// What an area holds, what is there already counted in; and whether the other one has room while it is full.
async fn area(measuring: Measuring, area: Area, letter: &'static str) -> Result<(Option<u32>, Option<bool>), Stopped> {
    for _ in 0..3 {
        let Some(mut filling) = Filling::of(area, letter) else { return Ok((None, None)) };
        let before = area.list().await;
        let mut search = Search::up_to(MOST_UNITS);
        while let Some(units) = search.ask() {
            search.tell(units, filling.fits(units).await);
            step(measuring, search).await?;
        }
        // Where not even a probe's name has room, the limit cannot be told.
        let Some(found) = search.found().filter(|found| *found > units(PROBE)) else { return Ok((None, None)) };
        // The last step may have been one that did not fit.
        filling.fits(found).await;
        let other = if area == Area::Local { Filling::of(Area::Session, letter) } else { None };
        let other_has_room = match other {
            Some(mut other) => Some(other.fits(64).await),
            None => None,
        };
        if area.list().await == before {
            return Ok((Some(found + total(&before)), other_has_room));
        }
    }
    Err(Stopped::Restless)
}

fn total(entries: &[Entry]) -> u32 {
    entries.iter().map(|entry| units(&entry.name) + entry.value.as_deref().map_or(0, units)).sum()
}
