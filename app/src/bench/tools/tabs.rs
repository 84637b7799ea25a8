//! The tools, one at a time: tabs whose panels are fetched when the first of them is opened.

use super::{fetched::fetched, panel::Panel, panels::Panels};
use crate::ui::{aria, changing, focus, handler, parts, text};
use leptos::{ev::KeyboardEvent, prelude::*};

/// The tabs. None is open at first; the arrow keys go from one to the next (WAI-ARIA APG, tabs).
pub(in crate::bench) fn tools(panels: Panels, tabs: &'static [Panel]) -> AnyView {
    let open = panels.tool;
    let tab = move |panel: Panel| {
        let selected = move || open.get() == Some(panel);
        let first = panel == tabs[0];
        let reachable = move || if selected() || open.get().is_none() && first { "0" } else { "-1" }.to_owned();
        view! {
            <button
                type="button"
                role="tab"
                id=format!("tab-{}", panel.slug())
                aria-selected=aria(selected)
                aria-controls="tool"
                tabindex=text(reachable)
                on:click=handler(move |_| open.set(Some(panel)))
            >
                {panel.title()}
            </button>
        }
        .into_any()
    };
    let by_arrow = move |event: KeyboardEvent| {
        let count = tabs.len();
        let at = open.get_untracked().and_then(|panel| tabs.iter().position(|tab| *tab == panel)).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % count,
            "ArrowLeft" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        open.set(Some(tabs[to]));
        focus(format!("tab-{}", tabs[to].slug()));
    };
    view! {
        <section class="tools needs-script" aria-label="Tools">
            <div class="tabs" role="tablist" aria-label="Tools" on:keydown=handler(by_arrow)>
                {parts(tabs.iter().copied().map(tab))}
            </div>
            {changing(move || open.get().map(|panel| {
                view! {
                    <div
                        class="card tool"
                        id="tool"
                        role="tabpanel"
                        tabindex="-1"
                        aria-labelledby=format!("tab-{}", panel.slug())
                    >
                        {fetched(panel, panels)}
                    </div>
                }
                .into_any()
            }))}
        </section>
    }
    .into_any()
}
