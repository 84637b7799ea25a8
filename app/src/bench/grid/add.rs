//! The form that puts a new entry into one store.

use super::state::Grid;
use crate::{
    browser::{Draft, Expires, Refusal, Store, lab_name},
    reactive::State,
    text::{told, units::kept},
    ui::{aria, error_text, focus, handler, text},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

/// The form that puts a new entry into this one store.
pub(super) fn add(grid: Grid, store: Store) -> AnyView {
    let bench = grid.bench;
    let close = move || {
        grid.adding.set(None);
        focus(format!("menu-{}", store.slug()));
    };
    let name = State::new(String::new());
    let value = State::new(String::new());
    let lifetime = State::new(String::new());
    let refusal = State::new(None::<Refusal>);
    let (name_id, value_id) = (format!("{}-name", store.slug()), format!("{}-value", store.slug()));
    focus(name_id.clone());
    let error_id = format!("{}-add-error", store.slug());
    let error = text(move || refusal.read().as_ref().map(Refusal::explain).unwrap_or_default());
    let about_name = move || refusal.read().as_ref().is_some_and(Refusal::is_about_name);
    let about_value = move || refusal.read().as_ref().is_some_and(|refusal| !refusal.is_about_name());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let mut draft = Draft::new(kept(lab_name(&name.read_untracked())), kept(value.get_untracked()));
        if draft.name.is_empty() {
            return refusal.set(Some(Refusal::NoName));
        }
        if let Ok(seconds) = lifetime.read_untracked().parse::<i64>() {
            draft.expires = Expires::At((js_sys::Date::now() / 1_000.0) as i64 + seconds);
        }
        spawn_local(async move {
            let name = told(&draft.name);
            match bench.put(format!("Put {name} in {}.", store.title()), store, draft).await {
                Ok(()) => close(),
                Err(reason) => refusal.set(Some(reason)),
            }
        });
    };
    view! {
        <form class=format!("card add {}", store.slug()) aria-label=format!("Add to {}", store.title()) on:submit=handler(submit) novalidate>
            <div class="field">
                <label for=name_id.clone()>"Name"</label>
                <input
                    id=name_id
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=aria(about_name)
                    aria-describedby=error_id.clone()
                    prop:value=name.text()
                    on:input=name.typed()
                />
            </div>
            <div class="field">
                <label for=value_id.clone()>"Value"</label>
                <input
                    id=value_id
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=aria(about_value)
                    aria-describedby=error_id.clone()
                    prop:value=value.text()
                    on:input=value.typed()
                />
            </div>
            {(store == Store::Cookies)
                .then(|| {
                    view! {
                        <div class="field">
                            <label for="cookies-lifetime">"Keep it"</label>
                            <select id="cookies-lifetime" prop:value=lifetime.text() on:change=lifetime.typed()>
                                <option value="">"until the browser session ends"</option>
                                <option value="60">"one minute"</option>
                                <option value="3600">"one hour"</option>
                                <option value="86400">"one day"</option>
                            </select>
                        </div>
                    }
                })}
            {error_text(error_id, error)}
            <div class="buttons">
                <button type="submit" class="primary">
                    "Add"
                </button>
                <button type="button" class="quiet" on:click=handler(move |_| close())>
                    "Cancel"
                </button>
            </div>
        </form>
    }
    .into_any()
}
