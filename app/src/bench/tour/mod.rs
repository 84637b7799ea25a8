//! The first visit explained in five steps.

mod offer;
mod panel;

use super::state::Bench;
use crate::{
    browser::{Area, Store, Who},
    ui::focus,
};
use leptos::prelude::*;
pub(super) use offer::offer;
pub(super) use panel::panel;

/// The entry of localStorage that remembers how the tour ended.
const KEPT_AS: &str = "lab-tour";
/// The button that starts it at any time.
pub(super) const AGAIN_ID: &str = "tour-again";

/// How it stands with the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tour {
    /// The page does not know yet whether it was offered before.
    Unknown,
    /// It is offered: this is the first visit.
    Offered,
    /// It is under way; where the keyboard goes when it is over.
    Open(&'static str),
    /// It was taken, skipped or declined.
    Known,
}

impl Tour {
    /// As the browser remembers it. One that keeps nothing is not asked each time.
    pub fn remembered() -> Self {
        match Area::Local.open() {
            Ok(_) if Area::Local.get(KEPT_AS).is_none() => Self::Offered,
            _ => Self::Known,
        }
    }

    /// Ends it, or the offer, and remembers how.
    fn end(bench: Bench, how: &str) {
        let then = match bench.tour.get_untracked() {
            Self::Open(id) => id,
            _ => "deposit-name",
        };
        bench.tour.set(Self::Known);
        bench.journal.announce(Store::LocalStorage, Some(KEPT_AS), Who::ThisTab);
        // Where there is no room the offer comes again.
        let _ = Area::Local.set(KEPT_AS, how);
        bench.changed_key(Store::LocalStorage, Some(KEPT_AS.to_owned()));
        focus(then.to_owned());
    }
}
