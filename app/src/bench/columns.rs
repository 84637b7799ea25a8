//! The columns that can be switched on beside the four. Which ones are on is remembered, itself an entry of the lab:
//! `lab-columns` in localStorage.

use super::{grid::shape, optional::Look, state::Bench};
use crate::{
    browser::{Area, Store},
    ui::{aria, handler, parts},
    words::{spaced, thousands},
};
use leptos::{prelude::*, task::spawn_local};

const KEY: &str = "lab-columns";

/// The group of switches above the columns.
pub(super) fn switch(bench: Bench) -> AnyView {
    let one = move |store: Store| {
        view! {
            <button
                type="button"
                class=store.slug()
                title=store.title()
                aria-pressed=aria(move || bench.columns.read().contains(&store))
                on:click=handler(move |_| turn(bench, store))
            >
                {shape(store)}
                <span>{store.title()}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <div class="columns needs-script" role="group" aria-labelledby="columns-label">
            <span id="columns-label">"Columns"</span>
            {parts(Store::OPTIONAL.map(one))}
        </div>
    }
    .into_any()
}

/// Switches on what was on when the page was left.
pub(super) fn restore(bench: Bench) {
    let saved = Area::Local.get(KEY).unwrap_or_default();
    let on = read(&saved);
    if on.is_empty() {
        return;
    }
    show(bench, &on);
    for store in on {
        spawn_local(bench.read_further(store));
    }
}

fn turn(bench: Bench, store: Store) {
    let mut on = bench.columns.get_untracked();
    let is_on = on.contains(&store);
    match is_on {
        true => on.retain(|one| *one != store),
        false => on.push(store),
    }
    show(bench, &on);
    save(bench);
    if is_on {
        return bench.status.set(format!("{} is not shown any more. What it holds stays.", store.title()));
    }
    bench.status.set(format!("Reading {}…", store.title()));
    spawn_local(async move {
        bench.read_further(store).await;
        let told = match untrack(|| bench.look_at(store)) {
            Look::Reading => return,
            Look::Read { .. } => match bench.entries(store).with_untracked(|entries| entries.len()) {
                1 => format!("{} is shown, with 1 entry.", store.title()),
                count => format!("{} is shown, with {} entries.", store.title(), thousands(count as u64)),
            },
            Look::Failed(trouble) => format!("{}: {trouble}", store.title()),
        };
        bench.status.try_set(told);
    });
}

fn show(bench: Bench, on: &[Store]) {
    bench
        .columns
        .set(Store::ALL.into_iter().filter(|store| Store::DEFAULT.contains(store) || on.contains(store)).collect());
}

fn save(bench: Bench) {
    let on = write(&bench.columns.read_untracked());
    bench.remember_setting(KEY, (!on.is_empty()).then_some(&*on));
}

/// `indexed opfs`
fn write(on: &[Store]) -> String {
    let optional = on.iter().filter(|store| Store::OPTIONAL.contains(store));
    spaced(&mut optional.map(|store| store.slug().to_owned()))
}

fn read(text: &str) -> Vec<Store> {
    Store::OPTIONAL.into_iter().filter(|store| text.split(' ').any(|slug| slug == store.slug())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_read_as_they_were_written() {
        let on = [Store::Cookies, Store::IndexedDb, Store::Opfs];
        assert_eq!(write(&on), "indexed opfs");
        assert_eq!(read(&write(&on)), [Store::IndexedDb, Store::Opfs]);
        assert_eq!(write(&Store::DEFAULT), "");
    }

    #[test]
    fn what_is_no_column_that_can_be_switched_on_is_left_out() {
        assert_eq!(read("cache cookies elsewhere"), [Store::CacheStorage]);
        assert_eq!(read(""), []);
    }
}
