//! Panels whose chunk is fetched when they are opened.

use super::{chunk::chunk, panel::Panel, panels::Panels};
use crate::{
    reactive::State,
    ui::{changing, handler},
};
use leptos::{prelude::*, task::spawn_local};

/// A panel as soon as its chunk is there; when it cannot be fetched it says so and can be asked for again.
pub(in crate::bench) fn fetched(panel: Panel, panels: Panels) -> AnyView {
    let draw = State::new(None);
    let failed = State::new(false);
    let fetch = move || {
        failed.set(false);
        spawn_local(async move {
            match chunk().await {
                Ok(chunk) => drop(draw.try_set(Some(chunk))),
                Err(_) => drop(failed.try_set(true)),
            }
        });
    };
    fetch();
    view! {
        {changing(move || match (draw.get(), failed.get()) {
            (Some(draw), _) => draw(panel, panels),
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
