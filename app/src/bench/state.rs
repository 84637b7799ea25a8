//! The bench's state in the browser: what each party sees now, how it is refreshed, and what a visitor can do to it.

use super::{
    history::{Edit, History},
    journal::Journal,
    optional::{Look, OptionalView},
    stream::{News, Stream},
    web_storage_view::WebStorageView,
};
use crate::{
    accounts::Account,
    browser::{
        Area, Draft, Entries, Entry, Expires, ScriptCookie, Store, Who, bytes,
        cookies::{self, Elsewhere},
        is_within_reach,
        optional::address,
        source, stores,
    },
    reactive::{Derived, State, Stored},
    sessions::{Observation, SESSION_COOKIE, observe},
    ui::effect,
};
use gloo_timers::future::TimeoutFuture;
use leptos::task::spawn_local;
use std::sync::Arc;

/// The core: what each party sees now, the edits with their history, and one stream of what changed. It knows no panel, and
/// is copied into every part of the page.
#[derive(Clone, Copy)]
pub(super) struct Bench {
    /// The server's view, as of its last answer.
    pub observed: State<Observation>,
    /// Whether scripts run: until then only the server's view is known.
    pub awake: State<bool>,
    /// Seconds since the server told its time, to count on by its clock.
    pub ticks: State<i64>,
    /// By how many seconds the server's clock is ahead of the browser's at least, as of the last look; behind, below zero.
    pub server_ahead: State<i64>,
    /// What the screen reader hears, and the line under the deposit form shows.
    pub status: State<String>,
    /// What this page did, to be taken back and done again.
    pub history: History,
    /// What changed and who did it.
    pub journal: Journal,
    /// Told to whoever follows.
    pub stream: Stream,
    /// The columns that are shown, in their order.
    pub columns: State<Vec<Store>>,
    /// The name that is shown in full, in every store.
    pub inspected: State<Option<String>>,
    /// The store and the name of the entry whose row is asked for: the table leads there and empties it.
    pub pointed: State<Option<(Store, String)>>,
    /// What the server received under other paths.
    elsewhere: State<Elsewhere>,
    /// The cookies that this page set and scripts do not see, so that they can be put back. Never shown.
    made: Stored<Vec<Draft>>,
    /// Suppresses change notifications while a cookie line is tried.
    pub trying: Stored<bool>,
    /// Suppresses the glance at web storage while a measurement fills it.
    pub filling: Stored<bool>,
    pub script_cookies: State<Vec<ScriptCookie>>,
    session_storage: WebStorageView,
    local_storage: WebStorageView,
    optional: OptionalView,
    lists: [Derived<Entries>; Store::ALL.len()],
    /// The stores that were read at least once since the page woke.
    read: State<Vec<Store>>,
    /// Those of the four that the browser denies scripts, as of the last look.
    denied: State<Vec<Store>>,
    account: Account,
    /// Counts the looks at the server, so that an earlier look's late answer is dropped.
    looks: Stored<u32>,
}

impl Bench {
    pub fn new(first: Observation, account: Account) -> Self {
        let observed = State::new(first);
        let script_cookies = State::new(Vec::new());
        let elsewhere = State::new(Elsewhere::default());
        let (session_storage, local_storage) = (WebStorageView::new(Area::Session), WebStorageView::new(Area::Local));
        let optional = OptionalView::new();
        let lists = Store::ALL.map(|store| {
            Derived::new(move || match store {
                Store::Cookies => Arc::new(cookie_entries(&script_cookies.read(), &observed.read(), &elsewhere.read())),
                Store::SessionStorage => session_storage.entries.get(),
                Store::LocalStorage => local_storage.entries.get(),
                Store::ServerSession => Arc::new(session_entries(&observed.read())),
                Store::IndexedDb | Store::CacheStorage | Store::Opfs | Store::Address => optional.entries(store),
            })
        });
        Self {
            observed,
            awake: State::new(false),
            ticks: State::new(0),
            server_ahead: State::new(0),
            status: State::new(String::new()),
            history: History::new(),
            journal: Journal::new(),
            stream: Stream::new(),
            columns: State::new(Store::DEFAULT.to_vec()),
            inspected: State::new(None),
            pointed: State::new(None),
            elsewhere,
            made: Stored::new(Vec::new()),
            trying: Stored::new(false),
            filling: Stored::new(false),
            script_cookies,
            session_storage,
            local_storage,
            optional,
            lists,
            read: State::new(Vec::new()),
            denied: State::new(Vec::new()),
            account,
            looks: Stored::new(0),
        }
    }

    /// Who is logged in, if anybody is.
    pub fn username(self) -> Option<String> {
        self.account.user.with(|user| user.as_ref().map(|user| user.username.clone()))
    }

    /// What a store holds, as of the last look.
    pub fn entries(self, store: Store) -> Derived<Entries> {
        self.lists[store as usize]
    }

    /// The server's time now, UTC seconds.
    pub fn now(self) -> i64 {
        self.observed.with(|seen| seen.now) + self.ticks.get()
    }

    /// The time now by the clock that decides when an entry ends, UTC seconds: the server's for what it keeps and for the cookie
    /// of its session, else the browser's.
    pub fn clock(self, store: Store, entry: &Entry) -> i64 {
        let now = self.now();
        if entry.is_by_server(store) || !self.awake.get() { now } else { browser_now() }
    }

    /// Wakes the bench: reads every store, and compares what each holds with what it held.
    pub fn wake(self) {
        self.awake.set(true);
        self.read_scripts();
        effect(move || {
            if self.account.changes.get() > 0 {
                self.refresh();
            }
        });
        let user = Stored::new(None::<Option<String>>);
        effect(move || {
            let now = self.username();
            let before = user.try_update_value(|user| user.replace(now.clone())).flatten();
            if before.is_some_and(|before| before != now) {
                // Somebody else may be at the keyboard now. Logging in and out is the server's work, in whatever tab it was
                // asked for.
                self.history.forget();
                self.journal.learn(Store::Cookies, None, Who::Server);
                self.journal.learn(Store::ServerSession, None, Who::Server);
            }
        });
        for store in Store::ALL {
            let known = Stored::new(None::<Entries>);
            effect(move || {
                let now = self.entries(store).get();
                let read = self.read.read().contains(&store);
                let before = known.get_value();
                known.set_value(read.then(|| now.clone()));
                if let Some(before) = before.filter(|_| read) {
                    let ahead = self.server_ahead.get_untracked();
                    self.stream.tell(News::Changed(&self.journal.compare(store, &before, &now, ahead)));
                }
            });
        }
    }

    /// What is kept under the name of a draft; a cookie's under its path and in its partition too.
    pub fn kept(self, store: Store, draft: &Draft) -> Option<Draft> {
        let entries = self.entries(store).get_untracked();
        let same = |entry: &&Entry| {
            entry.name == draft.name
                && (entry.only_at.is_none() || entry.only_at == draft.only_at || entry.path.is_some())
                && (entry.path.is_none() || draft.path.is_none() || entry.path == draft.path)
                && (entry.flags.partitioned == Some(true)) == (draft.flags.partitioned == Some(true))
        };
        entries.iter().find(same).and_then(|entry| self.draft_of(entry))
    }

    /// The entry as it can be put back. A cookie that scripts do not see, or not whole, can when this page set it; else it can
    /// only be deleted, the unseen when it is the lab's.
    fn draft_of(self, entry: &Entry) -> Option<Draft> {
        let made = |draft: &Draft| {
            // One that arrives under a path that this tab made none of its name for is another's.
            let same_path = draft.path == entry.path || entry.path.is_none() && entry.only_at.is_none();
            draft.name == entry.name && same_path && bytes(&draft.name) + bytes(&draft.value) == entry.bytes
        };
        let made_here = || self.made.with_value(|all| all.iter().rev().find(|draft| made(draft)).cloned());
        let in_reach = || !entry.protected && (entry.seen_by_scripts || is_within_reach(&entry.name));
        let deletable = || in_reach().then(|| Draft::named(entry));
        Draft::of(entry).or_else(made_here).or_else(deletable)
    }

    /// Whether a cookie's time has come since the last look: browsers drop it without a word.
    fn a_cookie_ended(self) -> bool {
        let now = browser_now();
        let over = |expires: Expires| matches!(expires, Expires::At(end) if end <= now);
        let listed = |entry: &Entry| !entry.protected && over(entry.expires);
        let made = self.made.try_update_value(|all| {
            let before = all.len();
            all.retain(|draft| !over(draft.expires));
            before != all.len()
        });
        made == Some(true) || self.entries(Store::Cookies).with_untracked(|entries| entries.iter().any(listed))
    }

    /// Remembers a cookie that scripts do not see.
    pub fn made(self, draft: Draft) {
        if draft.flags.http_only == Some(true) || draft.path.as_deref().is_some_and(|path| path != "/") {
            self.made.update_value(|all| {
                all.retain(|old| old.name != draft.name || old.path != draft.path);
                all.push(draft);
            });
        }
    }

    /// The edit that puts a draft into a store.
    pub fn putting(self, store: Store, draft: Draft) -> Edit {
        Edit { store, before: self.kept(store, &draft), after: Some(draft) }
    }

    /// The edits that delete entries; none for those whose value is out of reach.
    pub fn deleting(self, store: Store, entries: &[Entry]) -> Vec<Edit> {
        let drafts = entries.iter().flat_map(|entry| match store {
            // All of its name, in their order, so that undoing brings them back in it.
            Store::Address => {
                let values = address::values(&entry.name).into_iter();
                values.map(|value| Draft::new(entry.name.clone(), value)).collect()
            }
            _ => Vec::from_iter(self.draft_of(entry)),
        });
        drafts.map(|draft| Edit { store, before: Some(draft), after: None }).collect()
    }

    /// Says beforehand who is about to change an entry, or the whole store; the other tabs hear of this one.
    pub fn announce(self, store: Store, name: Option<&str>, who: Who) {
        self.journal.announce(store, name, who);
        self.expect_session_cookie(store);
        if who == Who::ThisTab {
            self.stream.tell(News::Changing(store, name));
        }
    }

    /// The first value that is put on the server brings its cookie along.
    pub fn expect_session_cookie(self, store: Store) {
        if store == Store::ServerSession && self.observed.with_untracked(|seen| seen.session.is_none()) {
            self.journal.announce(Store::Cookies, Some(SESSION_COOKIE), Who::Server);
        }
    }

    /// Whether the lab itself made an entry, or an app where the stores are its; "Clear" removes these.
    fn is_labs(store: Store, entry: &Entry) -> bool {
        !entry.protected && (store == Store::ServerSession || is_within_reach(&entry.name))
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
        if Store::OPTIONAL.contains(&store) {
            self.read_further(store).await;
            self.stream.tell(News::Changing(store, None));
        }
        if matches!(store, Store::Cookies | Store::ServerSession) {
            self.journal.announce(Store::SessionStorage, Some(cookies::REMEMBERED), Who::ThisTab);
            self.ask_server().await;
            self.changed_key(Store::SessionStorage, Some(cookies::REMEMBERED.to_owned()));
            self.account.tell_other_tabs();
        } else {
            self.script_cookies.set(cookies::list().await);
        }
    }

    /// Tells that a name of web storage changed, or with `None` that the whole area may have.
    pub fn changed_key(self, store: Store, name: Option<String>) {
        if let Some(area) = self.area(store) {
            area.changed(name);
        }
    }

    /// Looks at what has no event: whether web storage has more or fewer entries than it had, since nobody tells of what
    /// this page's own scripts do, and whether a cookie's time has come.
    pub fn glance(self) {
        if !self.filling.get_value() {
            self.session_storage.glance();
            self.local_storage.glance();
        }
        if self.a_cookie_ended() {
            spawn_local(self.look_again(Store::Cookies));
        }
    }

    /// Remembers a setting of the lab as an entry of localStorage, or forgets it; whether the browser kept it. An area that
    /// is full or denied forgets it with the page.
    pub fn remember_setting(self, name: &str, value: Option<&str>) -> bool {
        self.journal.announce(Store::LocalStorage, Some(name), Who::ThisTab);
        let kept = match value {
            Some(value) => Area::Local.set(name, value),
            None => Area::Local.delete(name),
        };
        self.changed_key(Store::LocalStorage, Some(name.to_owned()));
        kept.is_ok()
    }

    pub fn area(self, store: Store) -> Option<WebStorageView> {
        match store {
            Store::SessionStorage => Some(self.session_storage),
            Store::LocalStorage => Some(self.local_storage),
            _ => None,
        }
    }

    /// What is known of one of the stores that can be switched on.
    pub fn look_at(self, store: Store) -> Look {
        self.optional.look(store)
    }

    /// Reads one of the stores that can be switched on.
    pub async fn read_further(self, store: Store) {
        if self.optional.read(store).await {
            self.was_read(store);
        }
    }

    /// A store that can be switched on may have changed: another tab says so, or the address is another one.
    pub fn heard(self, store: Store) {
        if self.columns.read_untracked().contains(&store) {
            spawn_local(self.read_further(store));
        }
    }

    /// Whether the browser denies this page's scripts a store, as of the last look.
    pub fn is_denied(self, store: Store) -> bool {
        self.denied.read().contains(&store) || self.optional.is_denied(store)
    }

    fn was_read(self, store: Store) {
        let denied = stores::denied(store);
        if self.denied.try_with_untracked(|all| all.contains(&store) != denied) == Some(true) {
            self.denied.update(|all| if denied { all.push(store) } else { all.retain(|other| *other != store) });
        }
        if self.read.try_with_untracked(|read| !read.contains(&store)) == Some(true) {
            self.read.update(|read| read.push(store));
        }
    }

    async fn read_web_storage(self) {
        for store in [Store::SessionStorage, Store::LocalStorage] {
            // One value may be millions of characters: it is read in a task of its own.
            TimeoutFuture::new(0).await;
            if let Some(area) = self.area(store) {
                area.list().await;
            }
            self.was_read(store);
        }
    }

    /// Reads the cookies that scripts see; where they have changed, the server is asked what it sees. It is asked at first, too,
    /// where the page came with cookies: of those for its endpoints none arrives at `/`.
    pub async fn read_cookies(self) {
        if self.trying.try_get_value() != Some(false) {
            return;
        }
        let cookies = cookies::list().await;
        let changed = self.script_cookies.try_with_untracked(|before| *before != cookies) == Some(true);
        let first = self.read.try_with_untracked(|read| !read.contains(&Store::Cookies)) == Some(true);
        if changed || first && self.observed.with_untracked(|seen| !seen.cookies.is_empty()) {
            self.ask_server().await;
        } else if first {
            let elsewhere = self.look_elsewhere(&cookies, &self.observed.get_untracked()).await;
            self.elsewhere.set(elsewhere);
        }
        self.was_read(Store::Cookies);
        self.was_read(Store::ServerSession);
    }

    /// Looks at the cookies in all lanes. They are shown together: one lane's news before the other's would tell of
    /// cookies that scripts cannot see where there are none.
    pub async fn ask_server(self) {
        let Some(look) = self.looks.try_update_value(|looks| {
            *looks += 1;
            *looks
        }) else {
            return;
        };
        let cookies = cookies::list().await;
        let asked = js_sys::Date::now();
        let answer = match source::app() {
            Some(app) => (app.observe)().await,
            None => observe().await,
        };
        let heard = js_sys::Date::now();
        let elsewhere = match &answer {
            Ok(seen) => Some(self.look_elsewhere(&cookies, seen).await),
            Err(_) => None,
        };
        if self.looks.try_get_value() != Some(look) {
            return;
        }
        let _ = self.script_cookies.try_set(cookies);
        if let Some(elsewhere) = elsewhere {
            let _ = self.elsewhere.try_set(elsewhere);
        }
        match answer {
            Ok(seen) => {
                let _ = self.server_ahead.try_set(ahead(seen.now, asked, heard));
                if self.observed.try_set(seen).is_none() {
                    let _ = self.ticks.try_set(0);
                }
            }
            Err(error) => {
                let _ = self.status.try_set(error.to_string());
            }
        }
    }

    async fn look_elsewhere(self, scripts: &[ScriptCookie], seen: &Observation) -> Elsewhere {
        if source::app().is_some() {
            return Elsewhere::default();
        }
        let joined = cookies::join(scripts, &seen.cookies, &Elsewhere::default());
        let hidden = joined.iter().any(|entry| !entry.protected && !entry.seen_by_scripts);
        // What is left of several cookies of one name may be out of the page's own sight.
        let asked_before = self.elsewhere.try_with_untracked(|elsewhere| !elsewhere.arrivals.is_empty()) == Some(true);
        Elsewhere::look(asked_before || hidden || !scripts.is_empty(), hidden).await
    }

    fn read_scripts(self) {
        spawn_local(self.read_web_storage());
        spawn_local(self.read_cookies());
    }

    /// Looks at everything anew.
    pub fn refresh(self) {
        self.read_scripts();
        spawn_local(self.ask_server());
        for store in self.columns.get_untracked().into_iter().filter(|store| Store::OPTIONAL.contains(store)) {
            spawn_local(self.read_further(store));
        }
    }
}

fn browser_now() -> i64 {
    (js_sys::Date::now() / 1_000.0) as i64
}

/// By how many seconds a clock that told this second is ahead at least of the one that told the milliseconds before and after.
fn ahead(told: i64, before: f64, after: f64) -> i64 {
    let (least, most) = (told as f64 - after / 1_000.0, (told + 1) as f64 - before / 1_000.0);
    if least > 0.0 { least as i64 } else { most.min(0.0) as i64 }
}

/// The cookies as scripts and the server see them together.
fn cookie_entries(scripts: &[ScriptCookie], seen: &Observation, elsewhere: &Elsewhere) -> Vec<Entry> {
    let session_end = seen.session.as_ref().map(|session| session.expires_at);
    let mut entries = cookies::join(scripts, &seen.cookies, elsewhere);
    if source::app().is_some_and(|app| !(app.sees_wire)()) {
        entries.iter_mut().for_each(|entry| entry.seen_by_server = None);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_ahead_by_what_the_time_of_asking_leaves_no_doubt_about() {
        assert_eq!(ahead(1_000, 1_000_000.0, 1_000_400.0), 0);
        assert_eq!(ahead(1_000, 999_200.0, 999_900.0), 0, "by less than a second");
        assert_eq!(ahead(4_600, 1_000_000.0, 1_000_400.0), 3_599);
        assert_eq!(ahead(1_000, 4_600_500.0, 4_600_900.0), -3_599);
        assert_eq!(ahead(1_000, 990_000.0, 1_020_000.0), 0, "the answer took half a minute");
    }
}
