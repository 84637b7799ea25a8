//! What the panels keep beside the core while they are closed, each its own.

use super::panel::Panel;
use crate::{
    bench::{
        cookies::OpenForm,
        limits::Measuring,
        state::Bench,
        textbook::{Finding, Textbook},
        tour::Tour,
    },
    browser::Store,
    reactive::State,
    ui::focus,
};
use leptos::prelude::*;

/// The core, and the state of each panel; copied into every place that opens one.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Panels {
    pub bench: Bench,
    /// The tab that is open.
    pub tool: State<Option<Panel>>,
    /// What the form for cookies with attributes is about, while it is open.
    pub cookie_form: OpenForm,
    /// The limits of this browser.
    pub measuring: Measuring,
    /// Whether the tour is offered or on its way.
    pub tour: State<Tour>,
    /// Whether the keys are listed.
    pub keys_listed: State<bool>,
    findings: State<Vec<Finding>>,
}

impl Panels {
    pub fn new(bench: Bench) -> Self {
        Self {
            bench,
            tool: State::new(None),
            cookie_form: State::new(None),
            measuring: Measuring::new(bench.entries(Store::LocalStorage)),
            tour: State::new(Tour::Unknown),
            keys_listed: State::new(false),
            findings: State::new(Vec::new()),
        }
    }

    /// Opens the tab that measures limits.
    pub fn measure_limits(self) {
        self.tool.set(Some(Panel::Limits));
        focus("tab-limits".to_owned());
    }

    pub(super) fn textbook(self) -> Textbook {
        Textbook {
            findings: self.findings,
            measuring: self.measuring,
            measure_limits: Callback::new(move |()| self.measure_limits()),
        }
    }
}
