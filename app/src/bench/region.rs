//! One store's column: what it is, what it holds, and what can be done to it.

use super::{
    history::Edit,
    journal::Who,
    model::{
        COOKIE_LIMIT_BYTES, Entry, Expires, Refusal, SESSION_LIMIT_BYTES, Store, WEB_STORAGE_LIMIT_UNITS, lab_name,
    },
    state::{Bench, Entries},
    stores::Draft,
    tools::Part,
};
use crate::ui::{aria, date, error_text, flag, focus, in_words, text, thousands, utc};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
    task::spawn_local,
};
use std::sync::Arc;

/// What the page says of a store before anything is measured.
struct About {
    line: &'static str,
    read_by: &'static str,
    travels: &'static str,
    lives: &'static str,
    ends: &'static str,
}

fn about(store: Store) -> About {
    match store {
        Store::Cookies => About {
            line: "Small texts that the browser sends along with every request to this site.",
            read_by: "scripts and server; with HttpOnly the server only",
            travels: "with every request",
            lives: "in this browser",
            ends: "at its expiry, or with the browser session",
        },
        Store::SessionStorage => About {
            line: "Texts for this one tab.",
            read_by: "scripts of this origin in this tab",
            travels: "never by itself",
            lives: "in this tab",
            ends: "when the tab closes",
        },
        Store::LocalStorage => About {
            line: "Texts for every tab of this origin, until someone deletes them.",
            read_by: "scripts of this origin, in every tab",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
        Store::ServerSession => About {
            line: "Values kept on the server. Your browser holds the id alone.",
            read_by: "the server; it shows them to you here",
            travels: "the id only, in a cookie",
            lives: "in the server's database",
            ends: "after a time without requests, at log-out, at its latest end",
        },
        Store::IndexedDb => About {
            line: "A database of this origin, with objects, indexes and transactions.",
            read_by: "scripts of this origin, in every tab and worker",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
        Store::CacheStorage => About {
            line: "Pairs of requests and answers, made for working without a network.",
            read_by: "scripts of this origin, in every tab and worker",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
        Store::Opfs => About {
            line: "Files of this origin that no other program sees.",
            read_by: "scripts of this origin, in every tab and worker",
            travels: "never by itself",
            lives: "in this browser",
            ends: "never by itself",
        },
    }
}

/// The region of one store.
pub(super) fn region(bench: Bench, store: Store) -> AnyView {
    let About { line, read_by, travels, lives, ends } = about(store);
    let heading = format!("{}-heading", store.slug());
    let labelled_by = heading.clone();
    let entries = bench.entries(store);
    let adding = RwSignal::new(false);
    view! {
        <section class=format!("store {}", store.slug()) aria-labelledby=labelled_by>
            <header>
                {shape(store)}
                <h2 id=heading>{store.title()}</h2>
            </header>
            <p class="about">{line}</p>
            {used(bench, store, entries)}
            <dl class="facts">
                <dt>"Who can read it"</dt>
                <dd>{read_by}</dd>
                <dt>"Sent with requests"</dt>
                <dd>{travels}</dd>
                <dt>"Where it lives"</dt>
                <dd>{lives}</dd>
                <dt>"When it ends"</dt>
                <dd>{ends}</dd>
            </dl>
            {(store == Store::ServerSession).then(|| held_id(bench))}
            {rows(bench, store, entries)}
            <div class="actions needs-script">
                {move || {
                    if adding.get() {
                        add(bench, store, adding)
                    } else {
                        view! {
                            <button type="button" on:click=move |_| adding.set(true)>
                                {format!("Add to {}", store.title())}
                            </button>
                        }
                            .into_any()
                    }
                }}
                <button
                    type="button"
                    class="quiet"
                    disabled=flag(move || bench.lab_entries(store).is_empty())
                    on:click=move |_| {
                        bench.delete(store, bench.lab_entries(store));
                    }
                >
                    {format!("Clear {}", store.title())}
                </button>
            </div>
        </section>
    }
    .into_any()
}

/// The store's shape, the same everywhere beside its colour.
pub(super) fn shape(store: Store) -> AnyView {
    let shape = match store {
        Store::Cookies => view! { <circle cx="12" cy="12" r="9" /> }.into_any(),
        Store::SessionStorage => view! { <path d="M12 2 22 21H2z" /> }.into_any(),
        Store::LocalStorage => view! { <rect x="3" y="3" width="18" height="18" rx="2" /> }.into_any(),
        Store::ServerSession => view! { <path d="m12 1 11 11-11 11L1 12z" /> }.into_any(),
        Store::IndexedDb => view! { <path d="M12 2 21 7v10l-9 5-9-5V7z" /> }.into_any(),
        Store::CacheStorage => view! { <path d="M8 3h8v5h5v8h-5v5H8v-5H3V8h5z" /> }.into_any(),
        Store::Opfs => view! { <path d="M5 2h9l5 5v15H5z" /> }.into_any(),
    };
    view! {
        <svg class="shape" aria-hidden="true" viewBox="0 0 24 24" width="18" height="18">
            {shape}
        </svg>
    }
    .into_any()
}

/// How much of the store is used, measured from its entries now, against the limit that was measured in this browser or
/// that the textbooks give.
fn used(bench: Bench, store: Store, entries: Memo<Entries>) -> AnyView {
    let textbook = match store {
        Store::Cookies => COOKIE_LIMIT_BYTES,
        Store::SessionStorage | Store::LocalStorage => WEB_STORAGE_LIMIT_UNITS,
        Store::ServerSession => SESSION_LIMIT_BYTES,
        _ => 0,
    };
    let measured = move || bench.limits.read().as_ref().and_then(|limits| Some((limits.of(store)?, limits.at)));
    let limit = move || measured().map_or(textbook, |(limit, _)| limit);
    let used_now = move || {
        entries.with(|entries| match store {
            Store::Cookies => entries.iter().map(|entry| entry.bytes).max().unwrap_or(0),
            Store::SessionStorage | Store::LocalStorage => entries.iter().filter_map(|entry| entry.units).sum(),
            _ => entries.iter().map(|entry| entry.bytes).sum(),
        })
    };
    let words = move || {
        let (used, limit) = (thousands(used_now().into()), thousands(limit().into()));
        let by = measured().map_or("the textbook limit".to_owned(), |(_, at)| format!("measured here on {}", date(at)));
        match store {
            Store::Cookies => {
                let total: u32 = entries.with(|entries| entries.iter().map(|entry| entry.bytes).sum());
                format!("Largest cookie {used} of {limit} bytes, {by}; all together {} bytes", thousands(total.into()))
            }
            Store::ServerSession => format!("{used} of {limit} bytes, this server's limit"),
            _ => format!("{used} of {limit} UTF-16 units, {by}"),
        }
    };
    let unread = move || !bench.awake.get() && matches!(store, Store::SessionStorage | Store::LocalStorage);
    let can_measure = store != Store::ServerSession && textbook > 0;
    view! {
        <div class="used">
            <meter
                min="0"
                max=text(move || limit().to_string())
                value=text(move || used_now().to_string())
                aria-label=format!("{} used", store.title())
            ></meter>
            <p>
                {text(move || if unread() { "Only scripts can measure this store.".to_owned() } else { words() })}
                {can_measure.then(|| measure_it(bench, store))}
            </p>
        </div>
    }
    .into_any()
}

/// The way to the panel that finds the limit out, until it is known.
fn measure_it(bench: Bench, store: Store) -> AnyView {
    let known = move || bench.limits.read().as_ref().is_some_and(|limits| limits.of(store).is_some());
    let open = move |_| {
        bench.tool.set(Some(Part::Limits));
        focus("tab-limits".to_owned());
    };
    view! {
        <button
            type="button"
            class="link needs-script"
            aria-label=format!("Measure the limit of {}", store.title())
            hidden=flag(move || known() || !bench.awake.get())
            on:click=open
        >
            "measure it"
        </button>
    }
    .into_any()
}

/// The one thing that the browser holds of a server session.
fn held_id(bench: Bench) -> AnyView {
    view! {
        <p class="held">
            {move || bench.observed.with(|seen| match &seen.session {
                None => view! { "No session yet: no cookie is set before you put something here." }.into_any(),
                Some(session) => {
                    let owner = match &session.username {
                        Some(name) => format!(", logged in as {name}"),
                        None => ", anonymous".to_owned(),
                    };
                    view! {
                        "Your browser holds: " <code>{format!("{}.••••••••", session.id)}</code>
                        {format!(" (the id and a secret, in the cookie __Host-session{owner})")}
                    }
                        .into_any()
                }
            })}
        </p>
    }
    .into_any()
}

fn rows(bench: Bench, store: Store, entries: Memo<Entries>) -> AnyView {
    let empty = move || entries.with(|entries| entries.is_empty());
    let nothing = move || match (store, bench.awake.get()) {
        (Store::SessionStorage | Store::LocalStorage, false) => "Only scripts can read this store.".to_owned(),
        (Store::Cookies, false) => "No cookie reached the server.".to_owned(),
        _ => "Nothing here yet.".to_owned(),
    };
    let editing = Editing::new(store);
    let rows = move || {
        let entries = entries.get();
        let edited = editing.gone(&entries);
        entries.iter().chain(&edited).cloned().enumerate().map(|(place, entry)| row(bench, place, entry, editing)).collect_view()
    };
    view! {
        <div class="table" role="group" tabindex="0" aria-label=format!("{} entries", store.title())>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Entry"</th>
                        <th scope="col">"Content"</th>
                        <th scope="col" class="number">
                            "Bytes"
                        </th>
                        <th scope="col" class="number">
                            "UTF-16"
                        </th>
                        <th scope="col">"Ends"</th>
                        <th scope="col">"Seen by"</th>
                        <th scope="col" class="needs-script">
                            <span class="visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                </tbody>
            </table>
            <p class="empty" hidden=flag(move || !empty())>
                {text(nothing)}
            </p>
        </div>
    }
    .into_any()
}

/// The row of one store that is being edited. It outlives the rows, so that what is typed stays when they change.
#[derive(Clone, Copy)]
struct Editing {
    store: Store,
    key: RwSignal<Option<String>>,
    /// The entry as it was when editing began, or as it was shown last to whoever edits it.
    began: StoredValue<Option<Entry>>,
    value: RwSignal<String>,
    error: RwSignal<String>,
}

impl Editing {
    fn new(store: Store) -> Self {
        Self {
            store,
            key: RwSignal::new(None),
            began: StoredValue::new(None),
            value: RwSignal::new(String::new()),
            error: RwSignal::new(String::new()),
        }
    }

    fn open(self, place: usize, entry: &Entry) {
        self.value.set(entry.value.as_deref().unwrap_or_default().to_owned());
        self.error.set(String::new());
        self.began.set_value(Some(entry.clone()));
        self.key.set(Some(entry.key()));
        focus(self.input_id(place));
    }

    fn close(self, place: usize) {
        self.key.set(None);
        focus(self.button_id(place));
    }

    /// Takes in what is there now: saving again writes over that, knowingly.
    fn saw(self, now: Option<Arc<str>>) {
        self.began.update_value(|began| {
            if let Some(began) = began {
                began.value = now;
            }
        });
    }

    /// The entry that is being edited, where it has gone meanwhile: what was typed stays.
    fn gone(self, entries: &[Entry]) -> Option<Entry> {
        let key = self.key.get()?;
        if entries.iter().any(|entry| entry.key() == key) { None } else { self.began.get_value() }
    }

    fn input_id(self, place: usize) -> String {
        format!("{}-{place}-value", self.store.slug())
    }

    fn button_id(self, place: usize) -> String {
        format!("{}-{place}-edit", self.store.slug())
    }
}

/// One entry. A plain function of what is there: when the store changes, its rows are made anew.
fn row(bench: Bench, place: usize, entry: Entry, editing: Editing) -> AnyView {
    let store = editing.store;
    let key = entry.key();
    let edited = editing.key.get().as_ref() == Some(&key);
    let changed_by = Signal::derive(move || bench.journal.mark(store, &key).map(Who::mark));
    let content = match &entry.value {
        Some(_) if edited => edit(bench, place, entry.clone(), editing),
        Some(value) => view! { <code>{shortened(value)}</code> }.into_any(),
        None => view! { <span class="masked" title="Scripts cannot read it">"••••••••"</span> }.into_any(),
    };
    let expires = entry.expires;
    let protected = entry.protected;
    let can_edit = !protected && !edited && entry.value.is_some();
    let can_delete = !protected && !edited && in_reach(store, &entry);
    let cells =
        [thousands(entry.bytes.into()), entry.units.map_or("unknown".to_owned(), |units| thousands(units.into()))];
    let seen = seen_by(store, &entry, bench.awake.get());
    let (name, edit_name, delete_name) =
        (entry.name.clone(), format!("Edit {}", entry.name), format!("Delete {}", entry.name));
    let entry = StoredValue::new(entry);
    let remove = move |_| bench.delete(store, vec![entry.get_value()]);
    let actions = [
        can_edit.then(|| {
            let open = move |_| entry.with_value(|entry| editing.open(place, entry));
            view! {
                <button type="button" class="quiet" id=editing.button_id(place) aria-label=edit_name on:click=open>
                    "Edit"
                </button>
            }
            .into_any()
        }),
        can_delete.then(|| {
            view! {
                <button type="button" class="quiet" aria-label=delete_name on:click=remove>
                    "Delete"
                </button>
            }
            .into_any()
        }),
        protected.then(|| view! { <span class="hint">"Protected: log out to remove it"</span> }.into_any()),
    ];
    view! {
        <tr data-changed=move || changed_by.get()>
            <th scope="row">{name}</th>
            <td class="value">{content}</td>
            {cells.map(|cell| view! { <td class="number">{cell}</td> })}
            <td>{text(move || ends(expires, bench))}</td>
            <td>{seen}</td>
            <td class="row-actions needs-script">{actions}</td>
        </tr>
    }
    .into_any()
}

/// What scripts cannot see they cannot delete; the server's own values it deletes on request.
fn in_reach(store: Store, entry: &Entry) -> bool {
    store == Store::ServerSession || entry.seen_by_scripts
}

/// Values longer than a few lines are shown by their beginning; a table is no place for five megabytes.
fn shortened(value: &str) -> String {
    const SHOWN: usize = 300;
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes in all)", &value[..end], thousands(value.len() as u64)),
        None => value.to_owned(),
    }
}

fn ends(expires: Expires, bench: Bench) -> String {
    match expires {
        Expires::BrowserSession => "with the browser session".into(),
        Expires::TabClose => "when the tab closes".into(),
        Expires::Never => "never".into(),
        Expires::Unknown => "not told to scripts".into(),
        Expires::At(second) => {
            let left = second - bench.now();
            if left > 400 * 86_400 { utc(second) } else { format!("in {}", in_words(left)) }
        }
    }
}

fn seen_by(store: Store, entry: &Entry, awake: bool) -> &'static str {
    match (store, entry.seen_by_scripts, entry.seen_by_server) {
        (Store::ServerSession, ..) => "server only",
        (_, true, None) => "scripts only",
        (_, true, Some(true)) => "scripts and server",
        (_, true, Some(false)) => "scripts; it did not travel with the last request",
        (_, false, _) if entry.protected => "server only: HttpOnly",
        (_, false, _) if awake => "server only: scripts cannot read it (HttpOnly)",
        (_, false, _) => "server; scripts are not running",
    }
}

/// The form inside a row that changes its value.
fn edit(bench: Bench, place: usize, entry: Entry, editing: Editing) -> AnyView {
    let Editing { store, value, error, .. } = editing;
    let error_id = format!("{}-edit-error", store.slug());
    let label = format!("Value of {}", entry.name);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(draft) = Draft::of(&entry) else { return };
        let draft = Draft { value: value.get_untracked().into(), ..draft };
        let before = editing.began.with_value(|began| began.as_ref().and_then(Draft::of));
        let key = entry.key();
        spawn_local(async move {
            let what = format!("Changed {} in {}.", draft.name, store.title());
            match bench.put_over(what, Edit { store, before, after: Some(draft) }).await {
                Ok(()) => {
                    if editing.key.get_untracked() == Some(key) {
                        editing.close(place);
                    }
                }
                Err(refusal) => {
                    if let Refusal::Changed(now, _) = &refusal {
                        editing.saw(now.clone());
                    }
                    error.set(refusal.explain_to_editor());
                }
            }
        });
    };
    let cancel_by_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            editing.close(place);
        }
    };
    view! {
        <form class="edit" on:submit=save on:keydown=cancel_by_key novalidate>
            <input
                id=editing.input_id(place)
                aria-label=label
                aria-invalid=aria(move || !error.read().is_empty())
                aria-describedby=error_id.clone()
                autocomplete="off"
                spellcheck="false"
                bind:value=value
            />
            <button type="submit">"Save"</button>
            <button type="button" class="quiet" on:click=move |_| editing.close(place)>
                "Cancel"
            </button>
            {error_text(error_id, error.into())}
        </form>
    }
    .into_any()
}

/// The form that puts a new entry into this one store.
fn add(bench: Bench, store: Store, adding: RwSignal<bool>) -> AnyView {
    let name = RwSignal::new(String::new());
    let value = RwSignal::new(String::new());
    let lifetime = RwSignal::new(String::new());
    let refusal = RwSignal::new(None::<Refusal>);
    let (name_id, value_id) = (format!("{}-name", store.slug()), format!("{}-value", store.slug()));
    focus(name_id.clone());
    let error_id = format!("{}-add-error", store.slug());
    let error = text(move || refusal.read().as_ref().map(Refusal::explain).unwrap_or_default());
    let about_name = move || refusal.read().as_ref().is_some_and(Refusal::is_about_name);
    let about_value = move || refusal.read().as_ref().is_some_and(|refusal| !refusal.is_about_name());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let mut draft = Draft::new(lab_name(&name.read_untracked()), value.get_untracked());
        if let Ok(seconds) = lifetime.read_untracked().parse::<i64>() {
            draft.expires = Expires::At((js_sys::Date::now() / 1_000.0) as i64 + seconds);
        }
        spawn_local(async move {
            let name = draft.name.clone();
            match bench.put(format!("Put {name} in {}.", store.title()), store, draft).await {
                Ok(()) => adding.set(false),
                Err(reason) => refusal.set(Some(reason)),
            }
        });
    };
    view! {
        <form class="add" aria-label=format!("Add to {}", store.title()) on:submit=submit novalidate>
            <div class="field">
                <label for=name_id.clone()>"Name"</label>
                <input
                    id=name_id
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=aria(about_name)
                    aria-describedby=error_id.clone()
                    bind:value=name
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
                    bind:value=value
                />
            </div>
            {(store == Store::Cookies)
                .then(|| {
                    view! {
                        <div class="field">
                            <label for="cookies-lifetime">"Keep it"</label>
                            <select id="cookies-lifetime" bind:value=lifetime>
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
                <button type="button" class="quiet" on:click=move |_| adding.set(false)>
                    "Cancel"
                </button>
            </div>
        </form>
    }
    .into_any()
}
