//! How a cell came about, and what an event removes before it does: both in one dialog.

use super::{
    Arrival, Cell, Column, Event, Seen, Sight,
    events::{Shown, Survival},
};
use crate::{
    ui::{effect, handler},
    words::utc,
};
use leptos::{html, prelude::*};

/// The dialog; open while there is something to show.
pub(super) fn dialog(survival: Survival) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    let shown = survival.shown;
    effect(move || {
        let open = shown.read().is_some();
        let Some(dialog) = node.get() else { return };
        if open && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog node_ref=node class="evidence" aria-labelledby="evidence-heading" on:close=handler(move |_| shown.set(None))>
            {move || match shown.get() {
                Some(Shown::Evidence(event, column)) => evidence(survival, event, column),
                Some(Shown::Question(event)) => question(survival, event),
                None => ().into_any(),
            }}
        </dialog>
    }
    .into_any()
}

fn evidence(survival: Survival, event: Event, column: Column) -> AnyView {
    let trial = survival.trial.read_untracked();
    let (Some(run), Some(cell)) = (trial.run(event), trial.cell(event, column)) else { return ().into_any() };
    let outcome = trial.outcome(event, column);
    let Cell { laid, after } = *cell;
    let came_by = run.arrival.map(|arrival| {
        view! {
            <dt>"The page came back"</dt>
            <dd>{came_by(arrival)}</dd>
        }
    });
    view! {
        <h2 id="evidence-heading">{format!("{}, {}: {}", event.title(), column.title(), outcome.words())}</h2>
        <dl class="facts">
            <dt>"Marker"</dt>
            <dd>
                <code>{column.marker_name()}</code>
                " = "
                <code>{laid.marker.to_string()}</code>
            </dd>
            <dt>"Before"</dt>
            <dd>{sight(column, laid.before)} " " {at(run.begun)}</dd>
            <dt>"What happened"</dt>
            <dd>{event.what_happens()}</dd>
            {came_by}
            <dt>"After"</dt>
            <dd>{sight(column, after)} " " {at(run.ended)}</dd>
            <dt>"Read by"</dt>
            <dd>{event.reader()}</dd>
        </dl>
        {close_button(survival, "Close")}
    }
    .into_any()
}

fn question(survival: Survival, event: Event) -> AnyView {
    let go_on = move |_| {
        survival.shown.set(None);
        survival.start(event);
    };
    view! {
        <h2 id="evidence-heading">{format!("Try {}?", event.title())}</h2>
        <p>{event.what_happens()}</p>
        <p>
            <strong>{event.warning()}</strong>
        </p>
        <div class="buttons">
            <button type="button" class="primary" on:click=handler(go_on)>
                "Go on"
            </button>
            {close_button(survival, "Leave it")}
        </div>
    }
    .into_any()
}

fn close_button(survival: Survival, title: &'static str) -> AnyView {
    view! {
        <button type="button" on:click=handler(move |_| survival.shown.set(None))>
            {title}
        </button>
    }
    .into_any()
}

fn at(seconds: i64) -> AnyView {
    view! { <span class="hint">{utc(seconds)}</span> }.into_any()
}

/// What both parties saw, in a sentence each.
fn sight(column: Column, sight: Sight) -> String {
    let scripts = sight.script.map(|seen| format!("Scripts: {}. ", seen_by_script(seen)));
    let server = sight.server.map(|seen| match (column, seen) {
        (_, Seen::NoAnswer) => "Server: no answer.".to_owned(),
        (Column::ServerSession, Seen::Same) => "Server: this request’s session holds this marker.".to_owned(),
        (Column::ServerSession, Seen::Other) => "Server: this request’s session holds something else.".to_owned(),
        (Column::ServerSession, _) => {
            "Server: this request’s session holds no marker, or there is no session.".to_owned()
        }
        (_, Seen::Same) => "Server: the marker came with the reader’s request.".to_owned(),
        _ => "Server: no header of the reader’s request held the marker.".to_owned(),
    });
    scripts.into_iter().chain(server).collect()
}

fn seen_by_script(seen: Seen) -> &'static str {
    match seen {
        Seen::Same => "this marker",
        Seen::Other => "something else under its name",
        Seen::Absent => "nothing under its name",
        Seen::Denied => "could not be read, the browser denies this place the store",
        Seen::Unsupported => "could not be read, this browser does not have the store",
        Seen::Failed | Seen::NoAnswer => "could not be read, the store failed",
    }
}

fn came_by(arrival: Arrival) -> &'static str {
    match arrival {
        Arrival::Navigate => "by a link or the address bar",
        Arrival::Reload => "by a reload",
        Arrival::BackForward => "through the history, or restored by the browser",
        Arrival::Unknown => "in a way that the browser does not tell",
    }
}

impl Event {
    /// What the lab lets happen, or asks for.
    fn what_happens(self) -> &'static str {
        match self {
            Self::Reload => "The page was loaded again (location.reload).",
            Self::Navigate => "The tab went to another page of this origin and came back.",
            Self::TabWithOpener => "A tab was opened by window.open; it knows this page as its opener.",
            Self::TabWithoutOpener => "A tab was opened by window.open with noopener; it does not know this page.",
            Self::Window => "A window of its own was opened by window.open with a size.",
            Self::RequestWith => "A request was sent by fetch with credentials: include.",
            Self::RequestWithout => "A request was sent by fetch with credentials: omit.",
            Self::FrameWithin => "A page of the other site stood in a frame here, and in it a frame of this site.",
            Self::FrameOther => "A page of the other site stood in a frame here.",
            Self::Expiry => "The Max-Age of the cookie that has one passed.",
            Self::ClearCookies => "The server answers with Clear-Site-Data: \"cookies\".",
            Self::ClearStorage => "The server answers with Clear-Site-Data: \"storage\".",
            Self::ClearCache => "The server answers with Clear-Site-Data: \"cache\".",
            Self::ClearAll => "The server answers with Clear-Site-Data: \"*\".",
            Self::LogOut => "The session on the server ends and its cookie is removed.",
            Self::CloseTab => "The tab was closed and the page opened in another, on the visitor’s word.",
            Self::Restart => "The browser was closed and started anew, on the visitor’s word.",
        }
    }

    /// What it removes besides the markers.
    fn warning(self) -> &'static str {
        match self {
            Self::ClearCookies => "This removes every cookie of this site, and logs you out.",
            Self::ClearStorage => "This removes all that this site keeps in this browser, except its cookies.",
            Self::ClearCache => "This empties the browser’s cache of this site.",
            Self::ClearAll => "This removes all that this site keeps in this browser, and logs you out.",
            _ => "This logs you out.",
        }
    }

    /// Who read after it.
    fn reader(self) -> &'static str {
        match self {
            Self::TabWithOpener | Self::TabWithoutOpener => "the reader, in the new tab",
            Self::Window => "the reader, in the new window",
            Self::RequestWith | Self::RequestWithout => "the server, from the request’s head and its session",
            Self::FrameWithin => "the reader, in the frame within the other site’s frame",
            Self::FrameOther => "the reader, in the other site’s frame, as that site",
            Self::Reload | Self::Navigate | Self::CloseTab | Self::Restart => {
                "the reader, in a frame of the page that came back"
            }
            _ => "the reader, in a frame of this page",
        }
    }
}
