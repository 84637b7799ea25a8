//! Where the account is logged in, and ending what should not be.

use super::{
    form::{Sending, done_line},
    owner::OwnersPage,
};
use crate::{
    AppError, Field,
    accounts::{EndSession, OpenSession, end_session},
    reactive::State,
    ui::{SubmittedForm, error_text, flag, focus, handler, when},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};

/// Stands for all sessions but this one where a session's id is expected.
const OTHERS: &str = "others";
const HEADING: &str = "sessions-heading";

/// The forms of the section and what came of the last one.
#[derive(Clone, Copy)]
struct Ending {
    page: OwnersPage,
    sending: Sending,
    done: State<String>,
}

impl Ending {
    fn submit(self, event: SubmitEvent) {
        let id = SubmittedForm::take(event).text("id");
        let done = self.page.profile.with_untracked(|profile| {
            match profile.sessions.iter().find(|session| session.id == id) {
                Some(session) => format!("The session on {} has ended.", place(session)),
                None => "All other sessions have ended.".to_owned(),
            }
        });
        self.done.set(String::new());
        spawn_local(async move {
            match self.sending.send(end_session(id)).await {
                Ok(()) => {
                    self.done.set(done);
                    // The button that was pressed goes with its session.
                    focus(HEADING.to_owned());
                }
                Err(AppError::ConfirmFirst) => self.page.navigation.go("/account/confirm?next=/account"),
                Err(_) => {}
            }
        });
    }

    fn button(self, id: String, label: &'static str, name: String) -> AnyView {
        view! {
            <form method="post" action=EndSession::url() on:submit=handler(move |event| self.submit(event))>
                <input type="hidden" name="id" value=id />
                <button type="submit" disabled=self.sending.pending.flag() aria-label=name>
                    {label}
                </button>
            </form>
        }
        .into_any()
    }
}

pub(super) fn section(page: OwnersPage) -> AnyView {
    let ending = Ending { page, sending: Sending::new(page.account, None), done: State::new(String::new()) };
    let rows = move || {
        page.profile.with(|profile| {
            let now = profile.logged_in.now;
            profile.sessions.iter().map(|session| row(ending, session, now)).collect_view()
        })
    };
    let alone = flag(move || page.profile.with(|profile| profile.sessions.iter().all(|session| session.this_one)));
    view! {
        <section class="card" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1">
                "Where you are logged in"
            </h2>
            {done_line(ending.done.text())}
            {error_text("sessions-error".into(), ending.sending.error_at(Field::Form))}
            <ul class="log" role="list">
                {rows}
            </ul>
            <div hidden=alone>{ending.button(OTHERS.into(), "End all other sessions", "End all other sessions".into())}</div>
        </section>
    }
    .into_any()
}

fn row(ending: Ending, session: &OpenSession, now: i64) -> AnyView {
    let OpenSession { device, address, first_seen, last_seen, kept, this_one, .. } = session;
    let end =
        (!this_one).then(|| ending.button(session.id.clone(), "End", format!("End session on {}", place(session))));
    view! {
        <li>
            <div>
                <p>
                    <strong>{device.clone()}</strong>
                    {this_one.then(|| tag("this one"))}
                    {kept.then(|| tag("kept"))}
                </p>
                <p class="hint">
                    {(!address.is_empty()).then(|| view! { <code>{address.clone()}</code> ", " })}
                    "first seen " {when(*first_seen, now)} ", last seen " {when(*last_seen, now)}
                </p>
            </div>
            {end}
        </li>
    }
    .into_any()
}

/// Device and address in words.
fn place(OpenSession { device, address, .. }: &OpenSession) -> String {
    if address.is_empty() { device.clone() } else { format!("{device}, {address}") }
}

fn tag(word: &'static str) -> AnyView {
    view! {
        " "
        <span class="tag">{word}</span>
    }
    .into_any()
}
