//! The tour: a card that points at one real part of the page after the other. It is no modal dialog; whoever wants to try
//! what it points at just does.

use super::progress::Tour;
use crate::{
    bench::state::Bench,
    reactive::State,
    ui::{effect, flag, focus, handler, text},
};
use leptos::{ev::KeyboardEvent, prelude::*};

/// One step: what it points at, as a selector, and what it says.
struct Step {
    part: &'static str,
    title: &'static str,
    words: &'static str,
}

const STEPS: [Step; 5] = [
    Step {
        part: ".deposit",
        title: "Put a value",
        words: "Give a name and a value: the same value goes into a cookie, sessionStorage, localStorage and a session on \
                the server. Everything is called lab-…, so that it can be told from what else is there.",
    },
    Step {
        part: ".rows",
        title: "See it side by side",
        words: "Each name has a row and each store a column with its colour and its shape. Each cell says how large it is, when it ends and who sees it: \
                scripts, the server, or both. What changes anywhere, in another tab too, shows here by itself.",
    },
    Step {
        part: ".travelled",
        title: "See what travels",
        words: "The browser sends cookies along with every request, the other stores never. Here is what the last request \
                carried, and what that costs.",
    },
    Step {
        part: ".tools",
        title: "Let something happen",
        words: "Reload, open a tab, close the browser, log out: then look who still has the value. The tools beside it show \
                the wire, the journal of changes and the limits of your own browser.",
    },
    Step {
        part: ".bench-foot",
        title: "Clean up",
        words: "The menu of a column clears what the lab made, and Undo brings it back. Press ? for the keys; this tour is always to \
                be found here.",
    },
];

/// The panel.
pub(in crate::bench) fn panel(bench: Bench, tour: State<Tour>) -> AnyView {
    let at = State::new(0_usize);
    let last = STEPS.len() - 1;
    effect(move || {
        point_at(Some(STEPS[at.get()].part));
        focus("tour-title".to_owned());
    });
    on_cleanup(|| point_at(None));
    let next =
        move |_| if at.get_untracked() == last { Tour::end(bench, tour, "done") } else { at.update(|at| *at += 1) };
    let by_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            Tour::end(bench, tour, "skipped");
        }
    };
    view! {
        <section
            class="tour card"
            role="dialog"
            aria-labelledby="tour-title"
            aria-describedby="tour-words"
            on:keydown=handler(by_key)
        >
            <p class="hint">{text(move || format!("Step {} of {}", at.get() + 1, STEPS.len()))}</p>
            <h2 id="tour-title" tabindex="-1">
                {text(move || STEPS[at.get()].title.to_owned())}
            </h2>
            <p id="tour-words">{text(move || STEPS[at.get()].words.to_owned())}</p>
            <div class="buttons">
                <button type="button" hidden=flag(move || at.get() == 0) on:click=handler(move |_| at.update(|at| *at -= 1))>
                    "Back"
                </button>
                <button type="button" class="primary" on:click=handler(next)>
                    {text(move || if at.get() == last { "Done" } else { "Next" }.to_owned())}
                </button>
                <button type="button" class="quiet" on:click=handler(move |_| Tour::end(bench, tour, "skipped"))>
                    "Skip the tour"
                </button>
            </div>
        </section>
    }
    .into_any()
}

/// Points at one part of the page, and at no other.
fn point_at(part: Option<&str>) {
    if let Ok(Some(before)) = document().query_selector(".pointed-at") {
        let _ = before.class_list().remove_1("pointed-at");
    }
    if let Some(part) = part.and_then(|part| document().query_selector(part).ok().flatten()) {
        let _ = part.class_list().add_1("pointed-at");
        part.scroll_into_view();
    }
}
