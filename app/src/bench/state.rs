//! The bench's state in the browser: what each party sees now, how it is refreshed, and what a visitor can do to it.

use super::{
    Observation, clear_values,
    model::{Entry, Expires, Refusal, ScriptCookie, Store, is_lab_name, join_cookies},
    observe,
    stores::{self, Draft, cookies, web_storage::Area},
};
use crate::accounts::Account;
use gloo_timers::callback::Interval;
use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, prelude::Closure};

/// All that the bench knows; copied into every part of the page.
#[derive(Clone, Copy)]
pub(super) struct Bench {
    /// The server's view, as of its last answer.
    pub observed: RwSignal<Observation>,
    /// Whether scripts run: until then only the server's view is known.
    pub awake: RwSignal<bool>,
    /// Seconds since the page woke, to count expiries down from the server's clock.
    pub ticks: RwSignal<i64>,
    /// What the screen reader hears, and the line under the deposit form shows.
    pub status: RwSignal<String>,
    /// What the last delete took away.
    pub undo: RwSignal<Option<Undo>>,
    script_cookies: RwSignal<Vec<ScriptCookie>>,
    session_storage: RwSignal<Vec<Entry>>,
    local_storage: RwSignal<Vec<Entry>>,
    account: Account,
    /// Counts the looks at the server, so that an earlier look's late answer is dropped.
    looks: StoredValue<u32>,
}

/// Deleted entries, to be put back.
#[derive(Clone, Debug)]
pub(super) struct Undo {
    pub store: Store,
    pub drafts: Vec<Draft>,
}

impl Bench {
    pub fn new(first: Observation, account: Account) -> Self {
        Self {
            observed: RwSignal::new(first),
            awake: RwSignal::new(false),
            ticks: RwSignal::new(0),
            status: RwSignal::new(String::new()),
            undo: RwSignal::new(None),
            script_cookies: RwSignal::new(Vec::new()),
            session_storage: RwSignal::new(Vec::new()),
            local_storage: RwSignal::new(Vec::new()),
            account,
            looks: StoredValue::new(0),
        }
    }

    /// Who is logged in, if anybody is.
    pub fn username(self) -> Option<String> {
        self.account.user.with(|user| user.as_ref().map(|user| user.username.clone()))
    }

    /// The rows of a store.
    pub fn entries(self, store: Store) -> Vec<Entry> {
        match store {
            Store::Cookies => {
                let session_end = self.observed.with(|seen| seen.session.as_ref().map(|session| session.expires_at));
                let mut entries = self.observed.with(|seen| join_cookies(&self.script_cookies.read(), &seen.cookies));
                // The one HttpOnly cookie whose end the server knows: it ends with its session.
                for entry in entries.iter_mut().filter(|entry| entry.protected) {
                    entry.expires = session_end.map_or(Expires::Unknown, Expires::At);
                }
                entries
            }
            Store::SessionStorage => self.session_storage.get(),
            Store::LocalStorage => self.local_storage.get(),
            Store::ServerSession => self.observed.with(|seen| {
                let Some(session) = &seen.session else { return Vec::new() };
                let entry = |value: &super::SessionValue| Entry {
                    seen_by_scripts: false,
                    seen_by_server: Some(true),
                    ..Entry::new(value.name.clone(), value.value.clone(), Expires::At(session.expires_at))
                };
                session.values.iter().map(entry).collect()
            }),
        }
    }

    /// Wakes the bench: reads every store and listens for changes from other tabs and from the server.
    pub fn wake(self) {
        self.awake.set(true);
        self.read_scripts();
        self.listen();
        Effect::new(move || {
            if self.account.changes.get() > 0 {
                // Somebody else may be at the keyboard now.
                self.undo.set(None);
                self.refresh();
            }
        });
        let clock = StoredValue::new_local(Some(Interval::new(1_000, move || self.ticks.update(|ticks| *ticks += 1))));
        on_cleanup(move || clock.set_value(None));
    }

    /// Puts a value into a store, then looks again.
    pub async fn put(self, store: Store, draft: Draft) -> Result<(), Refusal> {
        let outcome = stores::put(store, &draft).await;
        if outcome.is_ok() {
            // What was written anew is not to be overwritten by an undo.
            self.undo.update(|undo| {
                *undo = undo.take().and_then(|mut undo| {
                    undo.drafts.retain(|deleted| undo.store != store || deleted.name != draft.name);
                    (!undo.drafts.is_empty()).then_some(undo)
                });
            });
        }
        self.look_again(store).await;
        outcome
    }

    /// Deletes entries, then looks again; they can be put back.
    pub async fn delete(self, store: Store, entries: Vec<Entry>) -> Result<(), Refusal> {
        let all_of_a_session = store == Store::ServerSession && entries.len() > 1;
        let outcome = if all_of_a_session {
            clear_values().await.map_err(Refusal::Server)
        } else {
            let mut outcome = Ok(());
            for entry in &entries {
                outcome = outcome.and(stores::delete(store, entry).await);
            }
            outcome
        };
        if outcome.is_ok() {
            let what = match entries.as_slice() {
                [entry] => entry.name.clone(),
                entries => format!("{} entries", entries.len()),
            };
            self.status.set(format!("Deleted {what} from {}.", store.title()));
            self.undo.set(Some(Undo { store, drafts: entries.iter().filter_map(Draft::of).collect() }));
        }
        self.look_again(store).await;
        outcome
    }

    /// Deletes entries in the background; a refusal is told in the status line.
    pub fn delete_or_say_why(self, store: Store, entries: Vec<Entry>) {
        spawn_local(async move {
            if let Err(refusal) = self.delete(store, entries).await {
                self.status.set(refusal.explain());
            }
        });
    }

    /// Puts back what the last delete took away.
    pub async fn put_back(self) {
        let Some(Undo { store, drafts }) = self.undo.get_untracked() else { return };
        self.undo.set(None);
        let (mut left, mut failed) = (Vec::new(), None);
        for draft in drafts {
            if let Err(refusal) = stores::put(store, &draft).await {
                failed = Some(refusal);
                left.push(draft);
            }
        }
        self.status.set(match failed {
            None => format!("Put back into {}.", store.title()),
            Some(refusal) => refusal.explain(),
        });
        if !left.is_empty() {
            self.undo.set(Some(Undo { store, drafts: left }));
        }
        self.look_again(store).await;
    }

    /// The entries that the lab itself made, which "Clear" removes.
    pub fn lab_entries(self, store: Store) -> Vec<Entry> {
        let mut entries = self.entries(store);
        entries.retain(|entry| !entry.protected && (store == Store::ServerSession || is_lab_name(&entry.name)));
        entries
    }

    async fn look_again(self, store: Store) {
        self.read_web_storage();
        self.script_cookies.set(cookies::list().await);
        if matches!(store, Store::Cookies | Store::ServerSession) {
            self.ask_server().await;
            self.account.tell_other_tabs();
        }
    }

    fn read_web_storage(self) {
        self.session_storage.set(Area::Session.list());
        self.local_storage.set(Area::Local.list());
    }

    async fn read_cookies(self) {
        let cookies = cookies::list().await;
        let changed = self.script_cookies.try_with_untracked(|before| *before != cookies) == Some(true);
        if changed {
            self.script_cookies.set(cookies);
            self.ask_server().await;
        }
    }

    async fn ask_server(self) {
        let Some(look) = self.looks.try_update_value(|looks| {
            *looks += 1;
            *looks
        }) else {
            return;
        };
        let answer = observe().await;
        if self.looks.try_get_value() != Some(look) {
            return;
        }
        match answer {
            Ok(seen) => {
                if self.observed.try_set(seen).is_none() {
                    let _ = self.ticks.try_set(0);
                }
            }
            Err(error) => {
                let _ = self.status.try_set(error.to_string());
            }
        }
    }

    fn read_scripts(self) {
        self.read_web_storage();
        spawn_local(self.read_cookies());
    }

    fn refresh(self) {
        self.read_scripts();
        spawn_local(self.ask_server());
    }

    fn listen(self) {
        let handles = [
            window_event_listener(ev::storage, move |_| self.read_web_storage()),
            window_event_listener(ev::focus, move |_| self.refresh()),
            window_event_listener(ev::online, move |_| self.refresh()),
        ];
        let shown_again = window_event_listener(ev::pageshow, move |event| {
            if event.persisted() {
                self.refresh();
            }
        });

        let on_cookies = Closure::<dyn Fn()>::new(move || spawn_local(self.read_cookies()));
        let store = cookies::cookie_store();
        let poll = match &store {
            Some(store) => {
                let _ = store.add_event_listener_with_callback("change", on_cookies.as_ref().unchecked_ref());
                None
            }
            None => {
                let last = StoredValue::new(cookies::cookie_string());
                Some(Interval::new(1_000, move || {
                    let now = cookies::cookie_string();
                    if last.get_value() != now {
                        last.set_value(now);
                        spawn_local(self.read_cookies());
                    }
                }))
            }
        };

        let held = StoredValue::new_local(Some((on_cookies, store, poll)));
        on_cleanup(move || {
            handles.into_iter().for_each(|handle| handle.remove());
            shown_again.remove();
            if let Some((on_cookies, Some(store), ..)) = held.try_update_value(Option::take).flatten() {
                let _ = store.remove_event_listener_with_callback("change", on_cookies.as_ref().unchecked_ref());
            }
        });
    }
}
