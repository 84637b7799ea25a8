//! How it stands with the tour, and what is remembered of it.

use crate::{bench::state::Bench, browser::Area, reactive::State, ui::focus};

/// The entry of localStorage that remembers how the tour ended.
const KEPT_AS: &str = "lab-tour";
/// The button that starts it at any time.
pub(in crate::bench) const AGAIN_ID: &str = "tour-again";

/// How it stands with the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench) enum Tour {
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
    pub(super) fn end(bench: Bench, tour: State<Self>, how: &str) {
        let then = match tour.get_untracked() {
            Self::Open(id) => id,
            _ => "deposit-name",
        };
        tour.set(Self::Known);
        // Where there is no room the offer comes again.
        bench.remember_setting(KEPT_AS, Some(how));
        focus(then.to_owned());
    }
}
