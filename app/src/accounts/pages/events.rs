//! What happened to the account, so that its owner notices what somebody else did.

use super::owner::OwnersPage;
use crate::{
    accounts::{Event, EventKind},
    ui::{flag, text, when},
};
use leptos::prelude::*;

/// The rest waits behind a click.
const SHOWN: usize = 10;

pub(super) fn section(page: OwnersPage) -> AnyView {
    let part = move |latest: bool| {
        move || {
            page.profile.with(|profile| {
                let (shown, earlier) = profile.events.split_at(profile.events.len().min(SHOWN));
                list(if latest { shown } else { earlier }, profile.logged_in.now)
            })
        }
    };
    let earlier = move || page.profile.with(|profile| profile.events.len().saturating_sub(SHOWN));
    // It stays where it is when the lists are made anew, so that it stays open.
    let more = view! {
        <details hidden=flag(move || earlier() == 0)>
            <summary>{text(move || format!("{} earlier", earlier()))}</summary>
            {part(false)}
        </details>
    };
    view! {
        <section class="card" aria-labelledby="events-heading">
            <h2 id="events-heading">"What happened"</h2>
            <p class="hint">"If something here was not you, change your password and end all other sessions."</p>
            {part(true)}
            {more}
        </section>
    }
    .into_any()
}

fn list(events: &[Event], now: i64) -> AnyView {
    view! {
        <ul class="log" role="list">
            {events.iter().map(|event| row(event, now)).collect_view()}
        </ul>
    }
    .into_any()
}

fn row(Event { at, kind, times, device, address }: &Event, now: i64) -> AnyView {
    let failed = matches!(kind, EventKind::LogInFailed | EventKind::ConfirmFailed);
    view! {
        <li class=if failed { "failed" } else { "" }>
            <div>
                <p>
                    <strong>{kind.title()}</strong>
                    {(*times > 1).then(|| format!(", {times} times"))}
                    {failed.then(|| view! { " " <span class="tag">"Was it you?"</span> })}
                </p>
                <p class="hint">
                    {when(*at, now)} ", " {device.clone()}
                    {(!address.is_empty()).then(|| view! { ", " <code>{address.clone()}</code> })}
                </p>
            </div>
        </li>
    }
    .into_any()
}
