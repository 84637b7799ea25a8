//! The bench's state in the browser: what each party sees now, how it is refreshed, and what a visitor can do to it.

use super::{
    Observation,
    areas::AreaView,
    further::{FurtherView, Look},
    history::{Edit, History, Step},
    journal::{Journal, Who},
    model::{Entry, Expires, Refusal, ScriptCookie, Store, is_lab_name, join_cookies},
    observe,
    stores::{self, Draft, Slice, cookies, web_storage::Area},
    tools::Part,
};
use crate::{accounts::Account, ui::thousands};
use gloo_timers::callback::Interval;
use leptos::{ev, prelude::*, task::spawn_local};
use std::sync::Arc;
use wasm_bindgen::{JsCast, prelude::Closure};

/// More edits of one store than this are announced to the journal as one.
const ANNOUNCED_ONE_BY_ONE: usize = 50;

/// What a store holds; shared, since it may be much.
pub(super) type Entries = Arc<Vec<Entry>>;

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
    /// What this page did, to be taken back and done again.
    pub history: History,
    /// What changed and who did it.
    pub journal: Journal,
    /// The columns that are shown, in their order.
    pub columns: RwSignal<Vec<Store>>,
    /// The tab that is open below the columns.
    pub tool: RwSignal<Option<Part>>,
    /// The entry that is shown in full: its store and [`Entry::key`].
    pub inspected: RwSignal<Option<(Store, String)>>,
    script_cookies: RwSignal<Vec<ScriptCookie>>,
    session_storage: AreaView,
    local_storage: AreaView,
    further: FurtherView,
    lists: [Memo<Entries>; 7],
    /// The stores that were read at least once since the page woke.
    read: RwSignal<Vec<Store>>,
    account: Account,
    /// Counts the looks at the server, so that an earlier look's late answer is dropped.
    looks: StoredValue<u32>,
}

impl Bench {
    pub fn new(first: Observation, account: Account) -> Self {
        let observed = RwSignal::new(first);
        let script_cookies = RwSignal::new(Vec::new());
        let (session_storage, local_storage) = (AreaView::new(Area::Session), AreaView::new(Area::Local));
        let further = FurtherView::new();
        let lists = Store::ALL.map(|store| {
            Memo::new(move |_| match store {
                Store::Cookies => Arc::new(cookie_entries(&script_cookies.read(), &observed.read())),
                Store::SessionStorage => session_storage.entries.get(),
                Store::LocalStorage => local_storage.entries.get(),
                Store::ServerSession => Arc::new(session_entries(&observed.read())),
                Store::IndexedDb | Store::CacheStorage | Store::Opfs => further.entries(store),
            })
        });
        Self {
            observed,
            awake: RwSignal::new(false),
            ticks: RwSignal::new(0),
            status: RwSignal::new(String::new()),
            history: History::new(),
            journal: Journal::new(),
            columns: RwSignal::new(Store::FOUR.to_vec()),
            tool: RwSignal::new(None),
            inspected: RwSignal::new(None),
            script_cookies,
            session_storage,
            local_storage,
            further,
            lists,
            read: RwSignal::new(Vec::new()),
            account,
            looks: StoredValue::new(0),
        }
    }

    /// Who is logged in, if anybody is.
    pub fn username(self) -> Option<String> {
        self.account.user.with(|user| user.as_ref().map(|user| user.username.clone()))
    }

    /// What a store holds, as of the last look.
    pub fn entries(self, store: Store) -> Memo<Entries> {
        self.lists[store as usize]
    }

    /// The server's time now, UTC seconds.
    pub fn now(self) -> i64 {
        self.observed.with(|seen| seen.now) + self.ticks.get()
    }

    /// Wakes the bench: reads every store and listens for changes from other tabs and from the server.
    pub fn wake(self) {
        self.awake.set(true);
        self.read_scripts();
        self.listen();
        self.further.listen(self);
        Effect::new(move || {
            if self.account.changes.get() > 0 {
                // Somebody else may be at the keyboard now.
                self.history.forget();
                self.refresh();
            }
        });
        for store in Store::ALL {
            Effect::new(move |before: Option<Option<Entries>>| {
                let now = self.entries(store).get();
                if !self.read.read().contains(&store) {
                    return None;
                }
                if let Some(Some(before)) = before {
                    self.journal.compare(store, &before, &now);
                }
                Some(now)
            });
        }
        let clock = StoredValue::new_local(Some(Interval::new(1_000, move || self.ticks.update(|ticks| *ticks += 1))));
        on_cleanup(move || clock.set_value(None));
    }

    /// What is kept under the name of a draft; a cookie's under its path too.
    fn kept(self, store: Store, draft: &Draft) -> Option<Draft> {
        let entries = self.entries(store).get_untracked();
        let same = |entry: &&Entry| {
            entry.name == draft.name && (entry.path.is_none() || draft.path.is_none() || entry.path == draft.path)
        };
        entries.iter().find(same).and_then(Draft::of)
    }

    /// The edit that puts a draft into a store.
    pub fn putting(self, store: Store, draft: Draft) -> Edit {
        Edit { store, before: self.kept(store, &draft), after: Some(draft) }
    }

    /// The edits that delete entries; none for those whose value is out of reach.
    pub fn deleting(self, store: Store, entries: &[Entry]) -> Vec<Edit> {
        let drafts = entries.iter().filter_map(Draft::of);
        drafts.map(|draft| Edit { store, before: Some(draft), after: None }).collect()
    }

    /// Does edits that belong together, as one step that can be undone; returns what was refused.
    pub async fn act(self, what: String, edits: Vec<Edit>) -> Vec<(Edit, Refusal)> {
        let (done, refused) = self.apply(edits).await;
        if refused.is_empty() {
            self.status.set(what.clone());
        }
        self.history.note(Step { what, edits: done });
        refused
    }

    /// Does edits in their order, then looks again; returns what was done and what was refused.
    pub async fn apply(self, edits: Vec<Edit>) -> (Vec<Edit>, Vec<(Edit, Refusal)>) {
        let (mut done, mut refused) = (Vec::new(), Vec::new());
        let mut touched: Vec<(Store, Vec<String>)> = Vec::new();
        for edit in &edits {
            match touched.iter_mut().find(|(store, _)| *store == edit.store) {
                Some((_, names)) => names.push(edit.name().to_owned()),
                None => touched.push((edit.store, vec![edit.name().to_owned()])),
            }
        }
        for (store, names) in &touched {
            match names.as_slice() {
                names if names.len() > ANNOUNCED_ONE_BY_ONE => self.journal.announce(*store, None, Who::ThisTab),
                names => names.iter().for_each(|name| self.journal.announce(*store, Some(name), Who::ThisTab)),
            }
        }
        let mut slice = Slice::begin();
        for edit in edits {
            let outcome = match (&edit.before, &edit.after) {
                (_, Some(after)) => stores::put(edit.store, after).await,
                (Some(before), None) => stores::delete(edit.store, before).await,
                (None, None) => Ok(()),
            };
            match outcome {
                Ok(()) => done.push(edit),
                Err(refusal) => refused.push((edit, refusal)),
            }
            slice.pause().await;
        }
        for (store, names) in touched {
            match self.area(store) {
                // Where something was refused, the area may hold what nobody has told this page of.
                Some(area) if refused.is_empty() => {
                    area.reread(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
                }
                _ => self.look_again(store).await,
            }
        }
        (done, refused)
    }

    /// Puts a draft into a store as a step of its own.
    pub async fn put(self, what: String, store: Store, draft: Draft) -> Result<(), Refusal> {
        let edit = self.putting(store, draft);
        self.act(what, vec![edit]).await.pop().map_or(Ok(()), |(_, refusal)| Err(refusal))
    }

    /// Deletes entries as one step; a refusal is told in the status line.
    pub async fn delete(self, store: Store, entries: Vec<Entry>) {
        let what = match entries.as_slice() {
            [entry] => entry.name.clone(),
            entries => format!("{} entries", thousands(entries.len() as u64)),
        };
        let edits = self.deleting(store, &entries);
        let refused = self.act(format!("Deleted {what} from {}.", store.title()), edits).await;
        if let Some((_, refusal)) = refused.first() {
            self.status.set(refusal.explain());
        }
    }

    /// Whether the lab itself made an entry; "Clear" removes these.
    fn is_labs(store: Store, entry: &Entry) -> bool {
        !entry.protected && (store == Store::ServerSession || is_lab_name(&entry.name))
    }

    /// Whether there is something that "Clear" would remove.
    pub fn has_lab_entries(self, store: Store) -> bool {
        self.entries(store).with(|entries| entries.iter().any(|entry| Self::is_labs(store, entry)))
    }

    /// The entries that the lab itself made.
    pub fn lab_entries(self, store: Store) -> Vec<Entry> {
        let entries = self.entries(store).get_untracked();
        entries.iter().filter(|entry| Self::is_labs(store, entry)).cloned().collect()
    }

    /// Looks at a store anew after something was done to it.
    pub async fn look_again(self, store: Store) {
        if let Some(area) = self.area(store) {
            area.list().await;
        }
        self.script_cookies.set(cookies::list().await);
        if Store::FURTHER.contains(&store) {
            self.read_further(store).await;
            self.further.tell(store);
        }
        if matches!(store, Store::Cookies | Store::ServerSession) {
            self.ask_server().await;
            self.account.tell_other_tabs();
        }
    }

    /// Tells that a name of web storage changed, or with `None` that the whole area may have.
    pub fn changed_key(self, store: Store, name: Option<String>) {
        if let Some(area) = self.area(store) {
            area.changed(name);
        }
    }

    fn area(self, store: Store) -> Option<AreaView> {
        match store {
            Store::SessionStorage => Some(self.session_storage),
            Store::LocalStorage => Some(self.local_storage),
            _ => None,
        }
    }

    /// What is known of one of the stores that can be switched on.
    pub fn look_at(self, store: Store) -> Look {
        self.further.look(store)
    }

    /// Reads one of the stores that can be switched on.
    pub async fn read_further(self, store: Store) {
        if self.further.read(store).await {
            self.was_read(store);
        }
    }

    /// Another tab says that it has changed one of the stores that can be switched on.
    pub fn heard(self, store: Store) {
        if self.columns.read_untracked().contains(&store) {
            self.journal.announce(store, None, Who::AnotherTab);
            spawn_local(self.read_further(store));
        }
    }

    fn was_read(self, store: Store) {
        if self.read.try_with_untracked(|read| !read.contains(&store)) == Some(true) {
            self.read.update(|read| read.push(store));
        }
    }

    async fn read_web_storage(self) {
        for store in [Store::SessionStorage, Store::LocalStorage] {
            if let Some(area) = self.area(store) {
                area.list().await;
            }
            self.was_read(store);
        }
    }

    async fn read_cookies(self) {
        let cookies = cookies::list().await;
        let changed = self.script_cookies.try_with_untracked(|before| *before != cookies) == Some(true);
        if changed {
            self.script_cookies.set(cookies);
            self.ask_server().await;
        }
        self.was_read(Store::Cookies);
        self.was_read(Store::ServerSession);
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
        spawn_local(self.read_web_storage());
        spawn_local(self.read_cookies());
    }

    fn refresh(self) {
        self.read_scripts();
        spawn_local(self.ask_server());
        for store in self.columns.get_untracked().into_iter().filter(|store| Store::FURTHER.contains(store)) {
            spawn_local(self.read_further(store));
        }
    }

    fn listen(self) {
        let handles = [
            window_event_listener(ev::storage, move |event| {
                let local = window().local_storage().ok().flatten();
                let store = if event.storage_area() == local { Store::LocalStorage } else { Store::SessionStorage };
                self.changed_key(store, event.key());
            }),
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

/// The cookies as scripts and the server see them together.
fn cookie_entries(scripts: &[ScriptCookie], seen: &Observation) -> Vec<Entry> {
    let session_end = seen.session.as_ref().map(|session| session.expires_at);
    let mut entries = join_cookies(scripts, &seen.cookies);
    // The one HttpOnly cookie whose end the server knows: it ends with its session.
    for entry in entries.iter_mut().filter(|entry| entry.protected) {
        entry.expires = session_end.map_or(Expires::Unknown, Expires::At);
    }
    entries
}

/// The values that the server keeps.
fn session_entries(seen: &Observation) -> Vec<Entry> {
    let Some(session) = &seen.session else { return Vec::new() };
    let entry = |value: &super::SessionValue| Entry {
        seen_by_scripts: false,
        seen_by_server: Some(true),
        ..Entry::new(value.name.clone(), value.value.as_str(), Expires::At(session.expires_at))
    };
    session.values.iter().map(entry).collect()
}
