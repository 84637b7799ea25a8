//! What the page says of the stores before anything is measured: the first rows of the table. Whether they are folded is
//! remembered, itself an entry of the lab: `lab-facts` in localStorage.

use crate::{
    bench::state::Bench,
    browser::{Area, Store},
};
use leptos::prelude::*;

const KEY: &str = "lab-facts";
/// On narrower windows, in CSS pixels, the entries come first.
const NARROW: f64 = 720.0;

/// What the page says of a store before anything is measured.
pub(super) struct About {
    pub line: &'static str,
    pub read_by: &'static str,
    pub travels: &'static str,
    pub lives: &'static str,
    pub ends: &'static str,
}

impl About {
    /// The facts in the order of [`TITLES`].
    pub fn facts(&self) -> [&'static str; 4] {
        [self.read_by, self.travels, self.lives, self.ends]
    }
}

/// The heads of the rows.
pub(super) const TITLES: [&str; 4] = ["Who can read it", "Sent with requests", "Where it lives", "When it ends"];

/// Whether they are shown: as the visitor left them, else where there is room.
pub(super) fn are_shown() -> bool {
    Area::Local.get(KEY).map_or_else(
        || window().inner_width().ok().and_then(|width| width.as_f64()).is_none_or(|width| width >= NARROW),
        |saved| saved != "off",
    )
}

/// Remembers whether they are shown.
pub(super) fn remember(bench: Bench, shown: bool) {
    bench.remember_setting(KEY, Some(if shown { "on" } else { "off" }));
}

pub(super) fn about(store: Store) -> About {
    match store {
        Store::Cookies => About {
            line: "Small texts that the browser sends along with every request to this site.",
            read_by: "server; scripts unless HttpOnly",
            travels: "with every request",
            lives: "in this browser",
            ends: "at expiry, or with the session",
        },
        Store::SessionStorage => About {
            line: "Texts for this one tab.",
            read_by: "scripts of this tab and origin",
            travels: "never by itself",
            lives: "in this tab",
            ends: "when the tab closes",
        },
        Store::LocalStorage => About {
            line: "Texts for every tab of this origin, until someone deletes them.",
            read_by: "scripts of this origin, any tab",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
        Store::ServerSession => About {
            line: "Values kept on the server. Your browser holds the id alone.",
            read_by: "the server; shown to you here",
            travels: "its id alone, in a cookie",
            lives: "in the server's database",
            ends: "when idle too long, at log-out",
        },
        Store::IndexedDb => About {
            line: "A database of this origin, with objects, indexes and transactions.",
            read_by: "scripts of this origin, tabs, workers",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
        Store::CacheStorage => About {
            line: "Pairs of requests and answers, made for working without a network.",
            read_by: "scripts of this origin, tabs, workers",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
        Store::Address => About {
            line: "The query parameters of this page, in the address bar for everybody to see.",
            read_by: "whoever sees the address",
            travels: "with navigations and as Referer",
            lives: "in address bar, history, links",
            ends: "with the next navigation",
        },
        Store::Opfs => About {
            line: "Files of this origin that no other program sees.",
            read_by: "scripts of this origin, tabs, workers",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
    }
}
