//! This page as the rules of cookies see it.

use crate::{
    bench::state::Bench,
    browser::{
        Store,
        cookies::{
            Carrier, CookieLine,
            rules::{Place, Rule, RuleWords, refusing},
        },
    },
};
use leptos::prelude::*;

/// The rules for which a browser refuses a line that the server sent.
pub(in crate::bench) fn broken_rules(bench: Bench, line: &str) -> Vec<RuleWords> {
    let place = untrack(|| place_of(bench));
    let rules = refusing(&CookieLine::parse(line), Carrier::Http, &place);
    rules.into_iter().map(|Rule { says, source, link, .. }| RuleWords { says, source, link }).collect()
}

/// This page as the rules see it.
pub(super) fn place_of(bench: Bench) -> Place {
    let location = window().location();
    let hidden = bench.entries(Store::Cookies).with(|entries| {
        let hidden = entries.iter().filter(|entry| entry.flags.http_only == Some(true));
        hidden.map(|entry| (entry.name.clone(), entry.path.clone().unwrap_or_else(|| "/".into()))).collect()
    });
    Place {
        https: location.protocol().is_ok_and(|protocol| protocol == "https:"),
        trustworthy: window().is_secure_context(),
        host: location.hostname().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
        hidden,
        now: (js_sys::Date::now() / 1_000.0) as i64,
    }
}
