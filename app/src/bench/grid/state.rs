//! What of the table a visitor looks at: filter, order, window, place of the keyboard and selection.

use super::{
    action::{Action, Press},
    editing::Editing,
    facts,
    order::{By, Criteria, Flag, SeenBy, Sort},
    rows::{Row, Rows},
    saved,
    window::{ALL_DRAWN, window},
};
use crate::{
    bench::{edits::NOT_FETCHED, journal::Change, state::Bench, tools::Panels},
    browser::{Area, Store},
    reactive::{Derived, State, Stored},
    text::told,
    ui::{effect, focus_now, on_window},
};
use futures::future::LocalBoxFuture;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};
use std::{collections::HashSet, ops::Range, sync::Arc};

/// How long typing rests before the filter follows, in milliseconds, and how much longer before its count is told.
const TYPING_RESTS: u32 = 120;
const TOLD_AFTER: u32 = 500;

/// The rows above the entries: the heads and the facts of the stores.
pub(in crate::bench) const HEADS: usize = 5;
/// The id of the table.
pub(super) const ID: &str = "grid";

/// The part of the table that is fetched when it is first used.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Lazy {
    pub arranged: fn(&Rows, Sort, &Criteria, &[Change]) -> Vec<u32>,
    pub press: fn(Grid, Press),
    pub act: fn(Grid, Action),
    pub facets: fn(Grid) -> AnyView,
    pub menu: fn(Grid, Store) -> AnyView,
    pub add: fn(Grid, Store) -> AnyView,
    pub restore: fn() -> Sort,
    pub save: fn(Bench, Sort),
}

/// Fetches that part.
pub(super) type Fetch = fn() -> LocalBoxFuture<'static, Result<Lazy, SplitLoaderError>>;

/// The table's state; copied into every part of it.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Grid {
    pub bench: Bench,
    pub panels: Panels,
    /// What is typed into the filter; the rows follow when typing rests.
    pub typed: State<String>,
    pub flag: State<Option<Flag>>,
    pub seen: State<Option<SeenBy>>,
    /// The columns that are left out.
    pub hidden: State<Vec<Store>>,
    pub sort: State<Sort>,
    /// Whether the facts of the stores are shown.
    pub facts: State<bool>,
    /// The store whose form for a new entry is open.
    pub adding: State<Option<Store>>,
    /// The store whose menu is open.
    pub menu: State<Option<Store>>,
    pub criteria: State<Criteria>,
    /// What meets the filter, in its order.
    pub shown: Derived<Shown>,
    /// The first row in sight of a long table.
    pub first: State<usize>,
    /// Row and cell that the keyboard comes to.
    pub active: State<(usize, usize)>,
    /// [`Row::key`] of those that are ticked.
    pub selected: State<HashSet<String>>,
    /// Where a range of ticks begins.
    pub anchor: Stored<usize>,
    pub editing: Editing,
    fetch: Fetch,
    lazy: State<Option<Lazy>>,
    /// Counts the changes of the filter, so that one that was overtaken by the next is dropped.
    changes: Stored<u32>,
}

impl Grid {
    pub fn new(panels: Panels, fetch: Fetch) -> Self {
        let bench = panels.bench;
        let lazy = State::new(None::<Lazy>);
        let (sort, criteria) = (State::new(Sort::default()), State::new(Criteria::default()));
        let hidden = State::new(Vec::<Store>::new());
        let editing = Editing::new();
        let rows = Derived::new(move || {
            let hidden = hidden.read();
            let stores = bench.columns.get().into_iter().filter(|store| !hidden.contains(store));
            let held = |store: Store| (store, editing.keep(store, bench.entries(store).get()));
            Arc::new(Rows::join(stores.map(held).collect()))
        });
        let shown = Derived::new(move || {
            let (rows, sort) = (rows.get(), sort.get());
            let as_it_is = sort == Sort::default() && criteria.read().is_empty();
            let Some(lazy) = (if as_it_is { None } else { lazy.get() }) else { return Shown::all(rows) };
            let changes = bench.journal.changes;
            let changes = if sort.by == By::Arrival { changes.read() } else { changes.read_untracked() };
            let places = (lazy.arranged)(&rows, sort, &criteria.read(), &changes).into();
            Shown { rows, places }
        });
        Self {
            bench,
            panels,
            typed: State::new(String::new()),
            flag: State::new(None),
            seen: State::new(None),
            hidden,
            sort,
            facts: State::new(true),
            adding: State::new(None),
            menu: State::new(None),
            criteria,
            shown,
            first: State::new(0),
            active: State::new((0, 0)),
            selected: State::new(HashSet::new()),
            anchor: Stored::new(0),
            editing,
            fetch,
            lazy,
            changes: Stored::new(0),
        }
    }

    /// Takes up what was remembered: the order, and whether the facts are folded.
    pub fn wake(self) {
        self.facts.set(facts::are_shown());
        effect(move || {
            if let Some((_, name)) = self.bench.pointed.get() {
                self.bench.pointed.set(None);
                self.point_at(&name);
            }
        });
        // Whoever does anything here will want the rest of it.
        on_window("pointerdown", move |_| self.fetch_ahead());
        on_window("keydown", move |_| self.fetch_ahead());
        if Area::Local.get(saved::KEY).is_some() {
            self.with_lazy(move |lazy| self.sort.set((lazy.restore)()));
        }
    }

    /// The stores in the order of their columns.
    pub fn stores(self) -> Vec<Store> {
        self.shown.with(|shown| shown.rows.stores().collect())
    }

    /// Does something with a row, if it is still there.
    pub fn with_row(self, key: &str, act: impl FnOnce(Row)) {
        let shown = self.shown.get_untracked();
        if let Some(row) = shown.place_of(key).and_then(|place| shown.get(place)) {
            act(row);
        }
    }

    /// Whether there are too many rows to draw all.
    pub fn many(self) -> bool {
        self.bench.awake.get() && self.shown.with(Shown::len) > ALL_DRAWN
    }

    /// The rows to draw: those in sight, and the one that the keyboard is in wherever it is.
    pub fn window(self) -> Vec<usize> {
        let count = self.shown.with(Shown::len);
        let in_sight = if self.many() { window(self.first.get(), count) } else { 0..count };
        drawn(in_sight, self.active.get().0, count)
    }

    /// How many names meet the filter, of how many: `12 of 10,000 names`.
    pub fn count(self) -> String {
        let thousands = |count| crate::words::thousands(count as u64);
        let names = |rows: &mut dyn Iterator<Item = Row<'_>>| rows.filter(|row| row.number() == 0).count();
        let (shown, all) = self.shown.with(|shown| (names(&mut shown.iter()), names(&mut shown.rows.iter())));
        format!("{} of {} names", thousands(shown), thousands(all))
    }

    /// Lets the rows follow the filter, and then tells how many are left, unless something else was told meanwhile.
    pub fn follow(self, rests: bool) {
        let turn = self.changes.get_value() + 1;
        self.changes.set_value(turn);
        let overtaken = move || self.changes.try_get_value() != Some(turn);
        let told = self.bench.status.get_untracked();
        spawn_local(async move {
            if rests {
                TimeoutFuture::new(TYPING_RESTS).await;
            }
            if overtaken() || self.fetch_or_tell().await.is_none() || overtaken() {
                return;
            }
            let criteria = Criteria {
                text: self.typed.get_untracked().trim().to_owned(),
                flag: self.flag.get_untracked(),
                seen: self.seen.get_untracked(),
            };
            if self.criteria.with_untracked(|before| *before != criteria) {
                self.criteria.set(criteria);
            }
            TimeoutFuture::new(TOLD_AFTER).await;
            if !overtaken() && *self.bench.status.read_untracked() == told {
                self.bench.status.set(untrack(|| self.count()));
            }
        });
    }

    /// Sorts the rows and remembers it.
    pub fn sort(self, sort: Sort) {
        self.sort.set(sort);
        self.with_lazy(move |lazy| (lazy.save)(self.bench, self.sort.get_untracked()));
    }

    /// Folds or unfolds the facts of the stores, and remembers it.
    pub fn turn_facts(self) {
        let shown = !self.facts.get_untracked();
        self.facts.set(shown);
        facts::remember(self.bench, shown);
    }

    /// Does something with the part that is fetched when it is first used; when it cannot be fetched, that is told.
    pub fn with_lazy(self, act: impl FnOnce(Lazy) + 'static) {
        match self.lazy.get_untracked() {
            Some(lazy) => act(lazy),
            None => self.once_fetched(Box::new(act)),
        }
    }

    fn once_fetched(self, act: Box<dyn FnOnce(Lazy)>) {
        spawn_local(async move {
            if let Some(lazy) = self.fetch_or_tell().await {
                act(lazy);
            }
        });
    }

    /// Fetches that part before it is used, if it can.
    pub fn fetch_ahead(self) {
        if self.lazy.read_untracked().is_none() {
            spawn_local(async move {
                self.fetch().await;
            });
        }
    }

    /// That part once it is there.
    pub fn loaded(self) -> Option<Lazy> {
        self.lazy.get()
    }

    async fn fetch(self) -> Option<Lazy> {
        if let Some(lazy) = self.lazy.try_get_untracked()? {
            return Some(lazy);
        }
        let fetched = (self.fetch)().await.ok()?;
        // Taking it in is work enough for one task.
        TimeoutFuture::new(0).await;
        self.lazy.try_set(Some(fetched));
        Some(fetched)
    }

    async fn fetch_or_tell(self) -> Option<Lazy> {
        let fetched = self.fetch().await;
        if fetched.is_none() {
            self.bench.status.try_set(NOT_FETCHED.to_owned());
        }
        fetched
    }

    /// Goes to a cell with the focus.
    pub fn go(self, (place, cell): (usize, usize)) {
        self.active.set((place, cell));
        self.focus(place, &format!("> :nth-child({})", cell + 1));
    }

    /// Goes to the first button of a cell.
    pub fn go_into(self, (place, cell): (usize, usize)) {
        self.focus(place, &format!("> :nth-child({}) button", cell + 1));
    }

    /// Goes to the row of a name that something else on the page speaks of.
    fn point_at(self, name: &str) {
        let place = self.shown.with_untracked(|shown| shown.iter().position(|row| row.name() == name));
        match place {
            Some(place) => self.go((place, 0)),
            None => self.bench.status.set(format!("{} does not meet the filter.", told(name))),
        }
    }

    /// At once, so that the next key is pressed there; where the cell is yet to be drawn, once it is.
    fn focus(self, place: usize, within: &str) {
        let selector = format!("#{ID} [aria-rowindex=\"{}\"] {within}", place + HEADS + 1);
        if !focus_now(&selector) {
            request_animation_frame(move || {
                focus_now(&selector);
            });
        }
    }

    /// Goes on where an entry was deleted: to what is in its place, or to the form that puts something in. Without
    /// `always` only when the focus went with the entry.
    pub fn go_on(self, always: bool) {
        request_animation_frame(move || {
            let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
            if !lost && !always {
                return;
            }
            let (place, cell) = self.active.get_untracked();
            match self.shown.with_untracked(Shown::len) {
                0 => drop(focus_now("#deposit-name")),
                rows => self.go((place.min(rows - 1), cell)),
            }
        });
    }
}

fn drawn(in_sight: Range<usize>, active: usize, count: usize) -> Vec<usize> {
    let before = (active < in_sight.start).then_some(active);
    let after = (active >= in_sight.end && active < count).then_some(active);
    before.into_iter().chain(in_sight).chain(after).collect()
}

/// The rows with the places of those that are shown, in their order.
#[derive(Clone)]
pub(in crate::bench) struct Shown {
    pub rows: Arc<Rows>,
    places: Arc<[u32]>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows) && self.places == other.places
    }
}

impl Shown {
    /// All rows in the order of their names.
    pub fn all(rows: Arc<Rows>) -> Self {
        let places = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
        Self { rows, places }
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn get(&self, place: usize) -> Option<Row<'_>> {
        Some(self.rows.row(*self.places.get(place)?))
    }

    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.places.iter().map(|place| self.rows.row(*place))
    }

    pub fn place_of(&self, key: &str) -> Option<usize> {
        self.iter().position(|row| row.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_that_the_keyboard_is_in_is_drawn_wherever_it_is() {
        assert_eq!(drawn(50..53, 2, 100), [2, 50, 51, 52]);
        assert_eq!(drawn(50..53, 51, 100), [50, 51, 52]);
        assert_eq!(drawn(50..53, 99, 100), [50, 51, 52, 99]);
        assert_eq!(drawn(50..53, 100, 100), [50, 51, 52], "it is gone");
    }
}
