//! The tools, one at a time: tabs whose panels are fetched when the first of them is opened.

use super::{fetched::fetched, panels::Panels, part::Part};
use crate::ui::{aria, changing, focus, handler, parts, text};
use leptos::{ev::KeyboardEvent, prelude::*};

/// The tabs. None is open at first; the arrow keys go from one to the next (WAI-ARIA APG, tabs).
pub(in crate::bench) fn tools(panels: Panels) -> AnyView {
    let open = panels.tool;
    let tab = move |part: Part| {
        let selected = move || open.get() == Some(part);
        let first = part == Part::TABS[0];
        let reachable = move || if selected() || open.get().is_none() && first { "0" } else { "-1" }.to_owned();
        view! {
            <button
                type="button"
                role="tab"
                id=format!("tab-{}", part.slug())
                aria-selected=aria(selected)
                aria-controls="tool"
                tabindex=text(reachable)
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
                {parts(Part::TABS.map(tab))}
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
                        {fetched(part, panels)}
                    </div>
                }
                .into_any()
            }))}
        </section>
    }
    .into_any()
}
