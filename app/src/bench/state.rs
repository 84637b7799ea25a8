//! The bench's state in the browser: what each party sees now, how it is refreshed, and what a visitor can do to it.

use super::{
    Observation, SESSION_COOKIE,
    history::{Edit, History, Step},
    journal::{Journal, Who},
    limits::{self, Limits, Measuring},
    live::{self, Herald, Link, Tabs},
    model::{Entry, Expires, Refusal, ScriptCookie, Store, is_lab_name, join_cookies},
    observe,
    stores::{self, Draft, cookies, further, web_storage::Area},
    tools::Part,
    tour::Tour,
};
use crate::{AppError, accounts::Account};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// Up to so many entries are looked at one by one; more, with the whole area.
const FEW: usize = 16;
/// After so many edits the browser gets its turn.
const EDITS_AT_A_TIME: usize = 100;

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
    /// How the page stands with the server.
    pub link: RwSignal<Link>,
    /// The line to the other tabs.
    pub tabs: Tabs,
    /// What was measured in this browser, if anything was.
    pub limits: Memo<Option<Limits>>,
    /// The measurement under way, if one is.
    pub measuring: Measuring,
    /// Whether the tour is offered or on its way.
    pub tour: RwSignal<Tour>,
    herald: Herald,
    script_cookies: RwSignal<Vec<ScriptCookie>>,
    session_storage: RwSignal<Entries>,
    local_storage: RwSignal<Entries>,
    /// How many entries the two areas had when they were read last, by their own count.
    lengths: StoredValue<[u32; 2]>,
    further: [RwSignal<Entries>; 3],
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
        let (session_storage, local_storage) = (RwSignal::<Entries>::default(), RwSignal::<Entries>::default());
        let further = [RwSignal::default(), RwSignal::default(), RwSignal::default()];
        let lists = Store::ALL.map(|store| {
            Memo::new(move |_| match store {
                Store::Cookies => Arc::new(cookie_entries(&script_cookies.read(), &observed.read())),
                Store::SessionStorage => session_storage.get(),
                Store::LocalStorage => local_storage.get(),
                Store::ServerSession => Arc::new(session_entries(&observed.read())),
                Store::IndexedDb => further[0].get(),
                Store::CacheStorage => further[1].get(),
                Store::Opfs => further[2].get(),
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
            link: RwSignal::new(Link::Off),
            tabs: Tabs::new(),
            limits: Memo::new(move |_| Limits::among(&local_storage.read())),
            measuring: Measuring::new(),
            tour: RwSignal::new(Tour::Unknown),
            herald: Herald::new(),
            script_cookies,
            session_storage,
            local_storage,
            lengths: StoredValue::new([0; 2]),
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

    /// The cookies that scripts see.
    pub fn script_cookies(self) -> RwSignal<Vec<ScriptCookie>> {
        self.script_cookies
    }

    /// Wakes the bench: reads every store and listens for changes from other tabs and from the server.
    pub fn wake(self) {
        self.awake.set(true);
        self.tour.set(Tour::remembered());
        self.read_scripts();
        live::listen(self);
        limits::wake();
        Effect::new(move || {
            if self.account.changes.get() > 0 {
                self.refresh();
            }
        });
        Effect::new(move |before: Option<Option<String>>| {
            let now = self.username();
            if before.is_some_and(|before| before != now) {
                // Somebody else may be at the keyboard now. Logging in and out is the server's work, in whatever tab it was
                // asked for.
                self.history.forget();
                self.journal.learn(Store::Cookies, None, Who::Server);
                self.journal.learn(Store::ServerSession, None, Who::Server);
            }
            now
        });
        for store in Store::ALL {
            Effect::new(move |before: Option<Option<Entries>>| {
                let now = self.entries(store).get();
                if !self.read.read().contains(&store) {
                    return None;
                }
                if let Some(Some(before)) = before {
                    self.herald.tell(self, self.journal.compare(store, &before, &now));
                }
                Some(now)
            });
        }
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
        let (done, refused) = self.carry_out(edits).await;
        if refused.is_empty() {
            self.status.set(what.clone());
        }
        self.history.note(Step { what, edits: done });
        refused
    }

    /// Does edits, then looks again; returns what was done and what was refused.
    pub async fn carry_out(self, edits: Vec<Edit>) -> (Vec<Edit>, Vec<(Edit, Refusal)>) {
        let (mut done, mut refused) = (Vec::new(), Vec::new());
        let few = edits.len() <= FEW;
        let mut stores: Vec<_> = edits.iter().map(|edit| edit.store).collect();
        stores.dedup();
        for store in stores.iter().filter(|_| !few) {
            self.announce(*store, None, Who::ThisTab);
        }
        let names: Vec<_> = edits.iter().map(|edit| (edit.store, edit.name().to_owned())).collect();
        for (place, edit) in edits.into_iter().enumerate() {
            if few {
                self.announce(edit.store, Some(edit.name()), Who::ThisTab);
            }
            if place % EDITS_AT_A_TIME == EDITS_AT_A_TIME - 1 {
                TimeoutFuture::new(0).await;
            }
            match self.apply_unseen(&edit).await {
                Ok(()) => done.push(edit),
                Err(refusal) => refused.push((edit, refusal)),
            }
        }
        for store in stores {
            let names: Vec<_> = names.iter().filter(|(of, _)| *of == store).map(|(_, name)| name.clone()).collect();
            self.read_entries(store, &names);
            self.look_again(store).await;
        }
        (done, refused)
    }

    /// Says beforehand who is about to change an entry, or the whole store; the other tabs hear of this one.
    pub fn announce(self, store: Store, name: Option<&str>, who: Who) {
        self.journal.announce(store, name, who);
        self.expect_session_cookie(store);
        if who == Who::ThisTab {
            self.tabs.tell(store, name);
        }
    }

    /// The first value that is put on the server brings its cookie along.
    pub fn expect_session_cookie(self, store: Store) {
        if store == Store::ServerSession && self.observed.with_untracked(|seen| seen.session.is_none()) {
            self.journal.announce(Store::Cookies, Some(SESSION_COOKIE), Who::Server);
        }
    }

    /// Writes, but only over what the edit began with.
    async fn apply_unseen(self, edit: &Edit) -> Result<(), Refusal> {
        let Edit { store, before, after } = edit;
        match stores::changed(*store, edit.name(), before.as_ref()) {
            // What was to be deleted is gone already.
            Some(None) if after.is_none() => return Ok(()),
            Some(now) => return Err(self.changed(edit, now)),
            None => {}
        }
        let outcome = match (before, after) {
            (_, Some(after)) => stores::put(*store, after, before.as_ref()).await,
            (Some(before), None) => stores::delete(*store, before).await,
            (None, None) => Ok(()),
        };
        match outcome {
            Err(Refusal::Server(AppError::Changed)) => {
                self.ask_server().await;
                let now = self.kept(*store, &Draft::new(edit.name().to_owned(), ""));
                Err(self.changed(edit, now.map(|draft| draft.value)))
            }
            outcome => outcome,
        }
    }

    fn changed(self, edit: &Edit, now: Option<Arc<str>>) -> Refusal {
        Refusal::Changed(now, self.journal.last_maker(edit.store, edit.name()))
    }

    /// Puts a draft into a store as a step of its own.
    pub async fn put(self, what: String, store: Store, draft: Draft) -> Result<(), Refusal> {
        let edit = self.putting(store, draft);
        self.put_over(what, edit).await
    }

    /// Does one edit as a step of its own; it writes only over what it began with.
    pub async fn put_over(self, what: String, edit: Edit) -> Result<(), Refusal> {
        self.act(what, vec![edit]).await.pop().map_or(Ok(()), |(_, refusal)| Err(refusal))
    }

    /// Deletes entries in the background, as one step; a refusal is told in the status line.
    pub fn delete(self, store: Store, entries: Vec<Entry>) {
        let what = match entries.as_slice() {
            [entry] => entry.name.clone(),
            entries => format!("{} entries", entries.len()),
        };
        let edits = self.deleting(store, &entries);
        spawn_local(async move {
            let refused = self.act(format!("Deleted {what} from {}.", store.title()), edits).await;
            if let Some((_, refusal)) = refused.first() {
                self.status.set(refusal.explain());
            }
        });
    }

    /// The entries that the lab itself made, which "Clear" removes.
    pub fn lab_entries(self, store: Store) -> Vec<Entry> {
        let entries = self.entries(store).get();
        let made_here =
            |entry: &&Entry| !entry.protected && (store == Store::ServerSession || is_lab_name(&entry.name));
        entries.iter().filter(made_here).cloned().collect()
    }

    /// Looks at a store anew after something was done to it.
    pub async fn look_again(self, store: Store) {
        self.read_areas_of_other_length();
        self.take_in(cookies::list().await);
        if Store::FURTHER.contains(&store) {
            self.read_further(store).await;
        }
        if matches!(store, Store::Cookies | Store::ServerSession) {
            self.ask_server().await;
            self.account.tell_other_tabs();
        }
    }

    /// Reads one of the stores that can be switched on.
    pub async fn read_further(self, store: Store) {
        if let Some(at) = Store::FURTHER.iter().position(|further| *further == store) {
            self.further[at].set(Arc::new(further::list(store).await));
            self.was_read(store);
        }
    }

    fn was_read(self, store: Store) {
        if !self.read.read_untracked().contains(&store) {
            self.read.update(|read| read.push(store));
        }
    }

    fn area(self, store: Store) -> Option<(usize, Area, RwSignal<Entries>)> {
        match store {
            Store::SessionStorage => Some((0, Area::Session, self.session_storage)),
            Store::LocalStorage => Some((1, Area::Local, self.local_storage)),
            _ => None,
        }
    }

    /// Reads a whole area of web storage.
    pub fn read_area(self, store: Store) {
        let Some((place, area, list)) = self.area(store) else { return };
        let now = area.list();
        if *list.read_untracked().as_ref() != now {
            list.set(Arc::new(now));
        }
        self.lengths.update_value(|lengths| lengths[place] = area.length());
        self.was_read(store);
    }

    /// Reads some entries of web storage: where there are thousands, reading all takes its time.
    pub fn read_entries(self, store: Store, names: &[String]) {
        let Some((place, area, list)) = self.area(store) else { return };
        if names.len() > FEW {
            return self.read_area(store);
        }
        let before = list.get_untracked();
        let mut now = before.clone();
        for name in names {
            let at = before_or_at(&now, name);
            match (at, area.entry(name)) {
                (Ok(at), Some(entry)) if now[at] == entry => {}
                (Ok(at), Some(entry)) => Arc::make_mut(&mut now)[at] = entry,
                (Ok(at), None) => drop(Arc::make_mut(&mut now).remove(at)),
                (Err(at), Some(entry)) => Arc::make_mut(&mut now).insert(at, entry),
                (Err(_), None) => {}
            }
        }
        if !Arc::ptr_eq(&before, &now) {
            self.lengths.update_value(|lengths| {
                lengths[place] = (lengths[place] + now.len() as u32).saturating_sub(before.len() as u32);
            });
            list.set(now);
        }
    }

    /// Reads the areas that have more or fewer entries than they had.
    pub fn read_areas_of_other_length(self) {
        if self.measuring.on() {
            return;
        }
        for store in [Store::SessionStorage, Store::LocalStorage] {
            let Some((place, area, _)) = self.area(store) else { continue };
            if area.length() != self.lengths.get_value()[place] {
                self.read_area(store);
            }
        }
    }

    /// Reads the cookies that scripts see; where they have changed, the server is asked what it sees.
    pub async fn read_cookies(self) {
        let cookies = cookies::list().await;
        let changed = self.script_cookies.try_with_untracked(|before| *before != cookies) == Some(true);
        if changed {
            self.take_in(cookies);
            self.ask_server().await;
        }
        self.was_read(Store::Cookies);
        self.was_read(Store::ServerSession);
    }

    /// Takes in the cookies that scripts see. One that they saw and see no more is gone, though the last request carried it:
    /// it is no HttpOnly one.
    fn take_in(self, cookies: Vec<ScriptCookie>) {
        let gone: Vec<_> = self.script_cookies.with_untracked(|before| {
            let seen = |name: &str| cookies.iter().any(|cookie| cookie.name == name);
            before.iter().filter(|cookie| !seen(&cookie.name)).map(|cookie| cookie.name.clone()).collect()
        });
        if !gone.is_empty() {
            self.observed.update(|seen| seen.cookies.retain(|cookie| !gone.contains(&cookie.name)));
        }
        self.script_cookies.set(cookies);
    }

    /// Asks the server what it sees and holds.
    pub async fn ask_server(self) {
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
        self.read_area(Store::SessionStorage);
        self.read_area(Store::LocalStorage);
        spawn_local(self.read_cookies());
    }

    /// Looks at everything anew.
    pub fn refresh(self) {
        self.read_scripts();
        spawn_local(self.ask_server());
    }
}

/// Where an entry of that name is, or would be.
fn before_or_at(entries: &[Entry], name: &str) -> Result<usize, usize> {
    entries.binary_search_by(|entry| entry.name.as_str().cmp(name))
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
