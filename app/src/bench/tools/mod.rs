//! The tools below the columns, one at a time: tabs whose panels are fetched when the first of them is opened.

mod chunk;
mod dialog;

pub(super) use chunk::chunk;
pub(super) use dialog::dialogs;

use super::state::Bench;
use crate::ui::{aria, changing, focus, handler};
use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};

/// A part of the bench that is not there at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Survival,
    Wire,
    Journal,
    Limits,
    Textbook,
    Snapshot,
    Reset,
    Inspector,
    CookieForm,
    Tour,
    Shortcuts,
}

impl Part {
    /// Those that are tabs, in their order.
    const TABS: [Self; 6] = [Self::Survival, Self::Wire, Self::Journal, Self::Limits, Self::Textbook, Self::Snapshot];

    /// The tab's name.
    fn title(self) -> &'static str {
        match self {
            Self::Survival => "Survival",
            Self::Wire => "Wire view",
            Self::Journal => "Journal",
            Self::Limits => "Measure my limits",
            Self::Textbook => "Textbook and here",
            Self::Snapshot => "Snapshot",
            Self::Reset => "Reset the lab",
            Self::Inspector => "Inspector",
            Self::CookieForm => "Cookie with attributes",
            Self::Tour => "Tour",
            Self::Shortcuts => "Keys",
        }
    }

    /// Its name in ids and in the address.
    fn slug(self) -> &'static str {
        match self {
            Self::Survival => "survival",
            Self::Wire => "wire",
            Self::Journal => "journal",
            Self::Limits => "limits",
            Self::Textbook => "textbook",
            Self::Snapshot => "snapshot",
            Self::Reset => "reset",
            Self::Inspector => "inspector",
            Self::CookieForm => "cookie",
            Self::Tour => "tour",
            Self::Shortcuts => "keys",
        }
    }
}

/// The tabs. None is open at first; the arrow keys go from one to the next (WAI-ARIA APG, tabs).
pub(super) fn tools(bench: Bench) -> AnyView {
    let open = bench.tool;
    let tab = move |part: Part| {
        let selected = move || open.get() == Some(part);
        let first = part == Part::TABS[0];
        let reachable = move || if selected() || open.get().is_none() && first { "0" } else { "-1" };
        view! {
            <button
                type="button"
                role="tab"
                id=format!("tab-{}", part.slug())
                aria-selected=aria(selected)
                aria-controls="tool"
                tabindex=reachable
                on:click=handler(move |_| open.set(Some(part)))
            >
                {part.title()}
            </button>
        }
        .into_any()
    };
    let by_arrow = move |event: KeyboardEvent| {
        let tabs = Part::TABS.len();
        let at = open.get_untracked().and_then(|part| Part::TABS.iter().position(|tab| *tab == part)).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % tabs,
            "ArrowLeft" => (at + tabs - 1) % tabs,
            "Home" => 0,
            "End" => tabs - 1,
            _ => return,
        };
        event.prevent_default();
        open.set(Some(Part::TABS[to]));
        focus(format!("tab-{}", Part::TABS[to].slug()));
    };
    view! {
        <section class="tools needs-script" aria-label="Tools">
            <div class="tabs" role="tablist" aria-label="Tools" on:keydown=handler(by_arrow)>
                {Part::TABS.map(tab)}
            </div>
            {changing(move || open.get().map(|part| {
                view! {
                    <div
                        class="card tool"
                        id="tool"
                        role="tabpanel"
                        tabindex="-1"
                        aria-labelledby=format!("tab-{}", part.slug())
                    >
                        {fetched(part, bench)}
                    </div>
                }
                .into_any()
            }))}
        </section>
    }
    .into_any()
}

/// A part as soon as its chunk is there; when it cannot be fetched it says so and can be asked for again.
pub(super) fn fetched(part: Part, bench: Bench) -> AnyView {
    let draw = RwSignal::new(None);
    let failed = RwSignal::new(false);
    let fetch = move || {
        failed.set(false);
        spawn_local(async move {
            match chunk().await {
                Ok(chunk) => drop(draw.try_set(Some(chunk.draw))),
                Err(_) => drop(failed.try_set(true)),
            }
        });
    };
    fetch();
    view! {
        {changing(move || match (draw.get(), failed.get()) {
            (Some(draw), _) => draw(part, bench),
            (None, false) => view! { <p class="hint">"Fetching…"</p> }.into_any(),
            (None, true) => {
                view! {
                    <p class="error" role="alert">
                        "This part could not be fetched. Check the connection."
                    </p>
                    <button type="button" on:click=handler(move |_| fetch())>
                        "Try again"
                    </button>
                }
                    .into_any()
            }
        })}
    }
    .into_any()
}
