//! What of the columns a visitor looks at: the filter they share, and each one's order, window, place and selection.

use super::{
    edit::Editing,
    order::{By, Criteria, Flag, SeenBy, Sort},
    row::Slot,
    window::{ALL_DRAWN, window},
};
use crate::{
    bench::{journal::Change, state::Bench, tools::Panels},
    browser::{Area, Entries, Entry, Store},
    ui::{focus, focus_now},
};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use std::{collections::HashSet, sync::Arc};

/// How long typing rests before the filter follows, in milliseconds, and how much longer before its count is told.
const TYPING_RESTS: u32 = 120;
const TOLD_AFTER: u32 = 500;

/// The part of the columns that is fetched when it is first used.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Lazy {
    pub sorted: fn(Store, &[Entry], Sort, &[Change]) -> Vec<u32>,
    pub filtered: fn(Store, &[Entry], &[u32], &Criteria) -> Vec<u32>,
    pub press: fn(Column, super::keys::Press),
    pub facets: fn(View) -> AnyView,
    pub restore: fn(View),
    pub save: fn(View),
}

/// What the columns share; copied into each of them.
#[derive(Clone, Copy)]
pub(in crate::bench) struct View {
    pub bench: Bench,
    pub panels: Panels,
    /// What is typed into the filter; the columns follow when typing rests.
    pub typed: RwSignal<String>,
    pub flag: RwSignal<Option<Flag>>,
    pub seen: RwSignal<Option<SeenBy>>,
    /// The columns that are left out.
    pub hidden: RwSignal<Vec<Store>>,
    lazy: RwSignal<Option<Lazy>>,
    /// Counts the changes of the filter, so that one that was overtaken by the next is dropped.
    changes: StoredValue<u32>,
    columns: [Column; 7],
}

impl View {
    pub fn new(panels: Panels) -> Self {
        let lazy = RwSignal::new(None);
        Self {
            bench: panels.bench,
            panels,
            typed: RwSignal::new(String::new()),
            flag: RwSignal::new(None),
            seen: RwSignal::new(None),
            hidden: RwSignal::new(Vec::new()),
            lazy,
            changes: StoredValue::new(0),
            columns: Store::ALL.map(|store| Column::new(panels, store, lazy)),
        }
    }

    /// Takes up the order that was remembered, where one was.
    pub fn wake(self) {
        if Area::Local.get(super::saved::KEY).is_some() {
            spawn_local(async move {
                if let Some(lazy) = self.lazy().await {
                    (lazy.restore)(self);
                }
            });
        }
    }

    pub fn column(self, store: Store) -> Column {
        self.columns[store as usize]
    }

    /// The columns that are there and not left out.
    pub fn in_sight(self) -> Vec<Column> {
        let hidden = self.hidden.get();
        self.bench
            .columns
            .get()
            .into_iter()
            .filter(|store| !hidden.contains(store))
            .map(|store| self.column(store))
            .collect()
    }

    /// The part that is fetched when it is first used; when it cannot be, that is told.
    pub async fn lazy(self) -> Option<Lazy> {
        fetch_or_tell(self.bench, self.lazy).await
    }

    /// How many entries meet the filter, of how many: `12 of 10,000 entries`.
    pub fn count(self) -> String {
        let counts =
            self.in_sight().into_iter().map(|column| column.shown.with(|shown| (shown.len(), shown.entries.len())));
        let (shown, all) = counts.fold((0, 0), |sum, (shown, all)| (sum.0 + shown, sum.1 + all));
        let thousands = |count| crate::ui::thousands(count as u64);
        format!("{} of {} entries", thousands(shown), thousands(all))
    }

    /// Lets the columns follow the filter, one after the other so that none makes the page wait, and then tells how many
    /// entries are left, unless something else was told meanwhile.
    pub fn follow(self, rests: bool) {
        let turn = self.changes.get_value() + 1;
        self.changes.set_value(turn);
        let overtaken = move || self.changes.try_get_value() != Some(turn);
        let told = self.bench.status.get_untracked();
        spawn_local(async move {
            if rests {
                TimeoutFuture::new(TYPING_RESTS).await;
            }
            if overtaken() || self.lazy().await.is_none() || overtaken() {
                return;
            }
            let criteria = Criteria {
                text: self.typed.get_untracked().trim().to_owned(),
                flag: self.flag.get_untracked(),
                seen: self.seen.get_untracked(),
            };
            for column in self.columns {
                TimeoutFuture::new(0).await;
                if overtaken() {
                    return;
                }
                if column.criteria.with_untracked(|before| *before != criteria) {
                    column.criteria.set(criteria.clone());
                }
            }
            TimeoutFuture::new(TOLD_AFTER).await;
            if !overtaken() && self.bench.status.read_untracked() == told {
                self.bench.status.set(untrack(|| self.count()));
            }
        });
    }

    /// Sorts a column and remembers it.
    pub fn sort(self, store: Store, sort: Sort) {
        self.column(store).sort.set(sort);
        spawn_local(async move {
            if let Some(lazy) = self.lazy().await {
                (lazy.save)(self);
            }
        });
    }
}

/// The part that is fetched when it is first used; `None` when it cannot be.
async fn fetch(lazy: RwSignal<Option<Lazy>>) -> Option<Lazy> {
    if let Some(lazy) = lazy.try_get_untracked()? {
        return Some(lazy);
    }
    let fetched = super::lazy().await.ok()?;
    // Taking it in is work enough for one task.
    TimeoutFuture::new(0).await;
    lazy.try_set(Some(fetched));
    Some(fetched)
}

/// The same, and when it cannot be fetched that is told.
async fn fetch_or_tell(bench: Bench, lazy: RwSignal<Option<Lazy>>) -> Option<Lazy> {
    let fetched = fetch(lazy).await;
    if fetched.is_none() {
        bench.status.try_set("A part of the page could not be fetched. Check the connection and try again.".to_owned());
    }
    fetched
}

/// The entries of a store with the places of those that are shown, in their order.
#[derive(Clone)]
pub(in crate::bench) struct Shown {
    pub entries: Entries,
    places: Arc<[u32]>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.entries, &other.entries) && self.places == other.places
    }
}

impl Shown {
    /// All entries in the store's order.
    pub fn all(entries: Entries) -> Self {
        let places = (0..u32::try_from(entries.len()).unwrap_or(u32::MAX)).collect();
        Self { entries, places }
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn get(&self, place: usize) -> Option<&Entry> {
        self.entries.get(*self.places.get(place)? as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.places.iter().filter_map(|place| self.entries.get(*place as usize))
    }

    pub fn place_of(&self, key: &str) -> Option<usize> {
        self.iter().position(|entry| entry.key() == key)
    }
}

/// One store's grid.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Column {
    pub bench: Bench,
    pub panels: Panels,
    pub store: Store,
    pub sort: RwSignal<Sort>,
    pub criteria: RwSignal<Criteria>,
    /// What meets the filter, in its order.
    pub shown: Memo<Shown>,
    /// Whether there are too many to draw all.
    pub many: Memo<bool>,
    /// The rows in the document.
    pub slots: Memo<Vec<Slot>>,
    /// The first row in sight of a long column.
    pub first: RwSignal<usize>,
    /// Row and cell that the keyboard comes to.
    pub active: RwSignal<(usize, usize)>,
    /// [`Entry::key`] of those that are ticked.
    pub selected: RwSignal<HashSet<String>>,
    /// Where a range of ticks begins.
    pub anchor: StoredValue<usize>,
    pub editing: Editing,
    lazy: RwSignal<Option<Lazy>>,
}

impl Column {
    fn new(panels: Panels, store: Store, lazy: RwSignal<Option<Lazy>>) -> Self {
        let bench = panels.bench;
        let sort = RwSignal::new(Sort::default());
        let criteria = RwSignal::new(Criteria::default());
        let (first, active) = (RwSignal::new(0), RwSignal::new((0, 0)));
        let editing = Editing::new();
        let sorted = Memo::new(move |_| {
            let entries = editing.keep(bench.entries(store).get());
            let sort = sort.get();
            let lazy = if sort == Sort::default() { None } else { lazy.get() };
            let Some(lazy) = lazy else { return Shown::all(entries) };
            let changes = bench.journal.changes;
            let changes = if sort.by == By::Arrival { changes.read() } else { changes.read_untracked() };
            let places = (lazy.sorted)(store, &entries, sort, &changes).into();
            Shown { entries, places }
        });
        let shown = Memo::new(move |_| {
            let sorted: Shown = sorted.get();
            let lazy = if criteria.read().is_empty() { None } else { lazy.get() };
            let Some(lazy) = lazy else { return sorted };
            let Shown { entries, places } = sorted;
            let places = (lazy.filtered)(store, &entries, &places, &criteria.read()).into();
            Shown { entries, places }
        });
        let many = Memo::new(move |_| bench.awake.get() && shown.with(Shown::len) > ALL_DRAWN);
        let slots = Memo::new(move |_| {
            let in_sight = |shown: &Shown| if many.get() { window(first.get(), shown.len()) } else { 0..shown.len() };
            shown.with(|shown| super::row::slots(shown, in_sight(shown), active.get().0))
        });
        Self {
            bench,
            panels,
            store,
            sort,
            criteria,
            shown,
            many,
            slots,
            first,
            active,
            selected: RwSignal::new(HashSet::new()),
            anchor: StoredValue::new(0),
            editing,
            lazy,
        }
    }

    /// Does something with the part that is fetched when it is first used.
    pub fn with_lazy(self, act: impl FnOnce(Lazy) + 'static) {
        match self.lazy.get_untracked() {
            Some(lazy) => act(lazy),
            None => spawn_local(async move {
                if let Some(lazy) = fetch_or_tell(self.bench, self.lazy).await {
                    act(lazy);
                }
            }),
        }
    }

    /// Fetches that part before it is used, if it can.
    pub fn fetch_ahead(self) {
        spawn_local(async move {
            fetch(self.lazy).await;
        });
    }

    /// Goes to a cell with the focus.
    pub fn go(self, (place, cell): (usize, usize)) {
        self.active.set((place, cell));
        self.focus(place, &format!("> :nth-child({})", cell + 1));
    }

    /// Goes to the first of an entry's actions.
    pub fn go_to_first_action(self, place: usize) {
        self.focus(place, ".row-actions > :not([hidden])");
    }

    /// Goes to the button that edits an entry.
    pub fn go_to_edit_button(self, key: &str) {
        let place = self.shown.with_untracked(|shown| shown.place_of(key)).unwrap_or(0);
        self.active.set((place, super::row::ACTIONS));
        self.focus(place, ".edit-entry");
    }

    /// Goes on where an entry was deleted: to the one in its place, or to what adds one. Without `always` only when the
    /// focus went with the entry.
    pub fn go_on(self, always: bool) {
        request_animation_frame(move || {
            let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
            if !lost && !always {
                return;
            }
            let (place, cell) = self.active.get_untracked();
            match self.shown.with_untracked(Shown::len) {
                0 => focus(format!("{}-add", self.store.slug())),
                rows => self.go((place.min(rows - 1), cell)),
            }
        });
    }

    /// At once, so that the next key is pressed there; where the cell is yet to be drawn, once it is.
    fn focus(self, place: usize, within: &str) {
        let selector = format!("#{} [aria-rowindex=\"{}\"] {within}", self.id(), place + 2);
        if !focus_now(&selector) {
            request_animation_frame(move || {
                focus_now(&selector);
            });
        }
    }

    /// The id of its table.
    pub fn id(self) -> String {
        format!("grid-{}", self.store.slug())
    }
}
