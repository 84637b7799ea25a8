//! One quota, or two: one area of web storage is full; is there room in the other, and what does the browser's estimate say?

use crate::{
    browser::{
        Area,
        filled_area::{FilledArea, fill_up, kept, swept},
        probe::ALPHABETS,
    },
    experiments::prelude::*,
};
use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "one-quota-or-two",
    title: "One quota, or two",
    group: Group::Kept,
    claims: &[C2],
    about: &[
        "A browser does not let a site store as much as it likes: there is a quota. localStorage and sessionStorage look \
         alike, so they may well share one. If they do, a page that fills the one leaves no room in the other.",
        "Browsers also have a function that tells how much a site uses and how much it may: navigator.storage.estimate(). \
         Here one area after the other is filled to the last unit, and both are asked: the other area, and the estimate.",
    ],
    question: "localStorage is full to the last unit. Does sessionStorage still take something?",
    choices: &[
        "No: they share one quota.",
        "Yes, and the other way round too: each has its own.",
        "Only in one direction: the one has its own quota, the other takes what is left.",
    ],
    parameters: &[Parameter::number("units", "Units asked for in the other area", 100..=2_000_000, 500_000)],
    steps: &[
        Step("Before", "What both areas keep now, and what the browser’s estimate says."),
        Step(
            "localStorage is full",
            "A script fills localStorage until not one unit more fits. Then it asks sessionStorage to keep a large entry.",
        ),
        Step(
            "The estimate, meanwhile",
            "With localStorage still full, the browser is asked again how much this site uses.",
        ),
        Step("sessionStorage is full", "Everything is emptied again, and the same is done the other way round."),
    ],
    alone: true,
    needs: &[Need::WebStorage],
    takes: 15,
    opens: &[],
    in_general: &[
        "The standard registers the two areas one by one, each with a quota of its own. So a shop that has filled \
         localStorage can still keep a basket in sessionStorage, for as long as the tab is there.",
        "The estimate is about the quota of a site’s other stores, such as IndexedDB and caches, which share one. It is \
         an estimate by design, rounded and padded, so that a page cannot learn from it what another site stores.",
    ],
    other_browsers: "The browsers’ shared tests ask for independent quotas. What the estimate counts differs: a Chromium that \
                was tried says 0 bytes with localStorage full, and a quota of 10 GiB on a disk of 252 GB.",
    sources: &[
        Source {
            says: "localStorage and sessionStorage are registered with a quota each:",
            rule: "WHATWG Storage §4",
            link: "https://storage.spec.whatwg.org/#registered-storage-endpoints",
        },
        Source {
            says: "The usage is a rough estimate:",
            rule: "WHATWG Storage §6",
            link: "https://storage.spec.whatwg.org/#usage-and-quota",
        },
        Source {
            says: "The browsers’ shared test that the quota of localStorage is independent of sessionStorage:",
            rule: "web-platform-tests webstorage/storage_local_quota_independent_from_session.window.js",
            link: "https://github.com/web-platform-tests/wpt/blob/master/webstorage/storage_local_quota_independent_from_session.window.js",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    swept(filled(&run)).await
}

async fn filled(run: &Run) -> Result<Verdict, Trouble> {
    run.step(0).await?;
    let bars = [("sessionStorage", kept(Area::Session).await), ("localStorage", kept(Area::Local).await)];
    let bar = |(name, units): (&str, u32)| (name.to_owned(), f64::from(units), in_units(units));
    run.saw(Lane::Browser, "Names and values, now", Sight::Bars(bars.map(bar).into()));
    let before = estimate().await;
    run.saw(Lane::Browser, "navigator.storage.estimate()", told(before));

    run.step(1).await?;
    let (full, in_session) = other_has_room(run, Area::Local).await?;

    run.step(2).await?;
    let lies_there = full.units + kept(Area::Local).await;
    let meanwhile = estimate().await;
    run.saw(Lane::Browser, "navigator.storage.estimate()", told(meanwhile));
    run.saw(Lane::Browser, "What lies in localStorage", in_units(lies_there));
    let local = full.units;
    drop(full);

    run.step(3).await?;
    let (full, in_local) = other_has_room(run, Area::Session).await?;
    let session = full.units;
    drop(full);

    let asked = thousands(run.number("units").into());
    let figures = format!(
        "After {} in localStorage there was {} for {asked} more in sessionStorage; after {} in sessionStorage there was {} \
         for as many in localStorage.",
        in_units(local),
        room(in_session),
        in_units(session),
        room(in_local)
    );
    let grown = before.zip(meanwhile).map(|(before, meanwhile)| meanwhile.used - before.used);
    Ok(match (in_session, in_local) {
        (true, true) => match grown {
            Some(grown) if grown < f64::from(local) => Verdict::holds_with_a_catch(
                1,
                format!(
                    "{figures} Each has its own quota. But the browser’s estimate does not count them in full: with \
                     localStorage filled it grew by {} bytes.",
                    thousands(grown.max(0.0) as u64)
                ),
            ),
            Some(_) => {
                Verdict::holds(1, format!("{figures} Each has its own quota, and the estimate counts what is there."))
            }
            None => Verdict::holds(1, format!("{figures} Each has its own quota. This browser gives no estimate.")),
        },
        (false, false) => Verdict::does_not_hold(0, format!("{figures} They share a quota.")),
        _ => Verdict::does_not_hold(2, figures),
    })
}

/// Fills an area, and asks the other one to keep an entry: what the one is full of, and whether the other took it.
async fn other_has_room(run: &Run, area: Area) -> Result<(FilledArea, bool), Trouble> {
    let (called, other, other_called) = match area {
        Area::Local => ("localStorage", Area::Session, "sessionStorage"),
        Area::Session => ("sessionStorage", Area::Local, "localStorage"),
    };
    let says = |fits: u32| {
        run.says(format!("{called}: {} fit", in_units(fits)));
        run.go_on()
    };
    let Some(full) = fill_up(area, ALPHABETS[0], says).await? else {
        return Err(Trouble::because(
            "No limit was found: the browser denies the area, has no room left, or takes everything. Allow this site to \
             store data or delete something, then run it again.",
        ));
    };
    let name = run.name("other");
    let refused = put(area, &name, "")?;
    run.saw(Lane::Browser, format!("{called}, one entry more"), refused.unwrap_or_else(|| "It is there.".to_owned()));
    let units = run.number("units") as usize;
    let value = "a".repeat(units.saturating_sub(name.len()));
    let refused = put(other, &name, &value)?;
    let taken = refused.is_none() && other.get(&name).is_some_and(|read| read == value);
    let said = refused.unwrap_or_else(|| if taken { "It is there." } else { "It is not there." }.to_owned());
    run.saw(Lane::Browser, format!("{other_called}, an entry of {}", in_units(units as u32)), said);
    other.delete(&name)?;
    area.delete(&name)?;
    Ok((full, taken))
}

/// Puts an entry there; what the browser says against it.
fn put(area: Area, name: &str, value: &str) -> Result<Option<String>, Trouble> {
    let outcome = area.open()?.set_item(name, value);
    Ok(outcome.err().map(|error| {
        let error = error.dyn_into::<DomException>();
        error.map_or_else(|_| "An error.".to_owned(), |error| format!("{}: {}", error.name(), error.message()))
    }))
}

/// What the browser says of all stores of this site together, in bytes.
#[derive(Clone, Copy)]
struct Estimate {
    used: f64,
    quota: f64,
}

/// `None` in a browser without this function, or on a page that is not secure.
async fn estimate() -> Option<Estimate> {
    let storage = window().navigator().storage();
    if storage.is_undefined() {
        return None;
    }
    let estimate = JsFuture::from(storage.estimate().ok()?).await.ok()?;
    let bytes = |name: &str| Reflect::get(&estimate, &JsValue::from_str(name)).ok()?.as_f64();
    Some(Estimate { used: bytes("usage")?, quota: bytes("quota")? })
}

fn told(estimate: Option<Estimate>) -> Sight {
    let Some(Estimate { used, quota }) = estimate else { return "This browser gives none here.".into() };
    let bytes = |count: f64| format!("{} bytes", thousands(count as u64));
    Sight::Table(
        &["Of all stores of this site", "Estimated"],
        vec![vec!["used".to_owned(), bytes(used)], vec!["quota".to_owned(), bytes(quota)]],
    )
}

fn room(there_is: bool) -> &'static str {
    if there_is { "room" } else { "no room" }
}

fn in_units(units: u32) -> String {
    format!("{} units", thousands(units.into()))
}
