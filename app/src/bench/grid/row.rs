//! One entry as a row of the grid.

use super::{
    edit::edit,
    view::{Column, Shown},
    words::{ends, in_reach, shortened},
};
use crate::{
    bench::cookies::edit_button,
    browser::{Entry, Store, Who, cookies::seen_by},
    ui::{effect, flag, handler, text, thousands},
};
use leptos::{ev::MouseEvent, html::Tr, prelude::*};
use std::ops::Range;
use web_sys::HtmlElement;

/// The cells of a row: name, value, bytes, UTF-16 units, end, who sees it, actions.
pub(super) const CELLS: usize = 7;
pub(super) const VALUE: usize = 1;
pub(super) const ACTIONS: usize = 6;
/// A longer value is not edited in a row: a field with millions of characters makes a browser stand still.
const LONGEST_EDITED: usize = 200_000;

/// A row that is in the document.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::bench) struct Slot {
    /// Its entry's key, made unlike that of any other row.
    pub key: String,
    pub place: usize,
    pub entry: Entry,
}

/// The rows in sight, and the one that the keyboard is in wherever it is.
pub(super) fn slots(shown: &Shown, in_sight: Range<usize>, active: usize) -> Vec<Slot> {
    let before = (active < in_sight.start).then_some(active);
    let after = (active >= in_sight.end && active < shown.len()).then_some(active);
    let mut slots: Vec<Slot> = Vec::with_capacity(in_sight.len() + 1);
    for place in before.into_iter().chain(in_sight).chain(after) {
        let Some(entry) = shown.get(place) else { continue };
        let mut key = entry.key();
        while slots.iter().any(|slot| slot.key == key) {
            key.push(' ');
        }
        slots.push(Slot { key, place, entry: entry.clone() });
    }
    slots
}

/// Whether the panel may delete an entry.
pub(super) fn can_delete(store: Store, entry: &Entry) -> bool {
    !entry.protected && in_reach(store, entry)
}

/// Whether its value may be edited in its row.
pub(super) fn can_edit(entry: &Entry) -> bool {
    !entry.protected && entry.value.as_ref().is_some_and(|value| value.len() <= LONGEST_EDITED)
}

/// The row. It lasts as long as its entry is in sight, so that the focus stays where it is when the entry changes.
pub(super) fn row(column: Column, first: Slot) -> AnyView {
    let Column { bench, store, editing, .. } = column;
    let (name, protected) = (first.entry.name.clone(), first.entry.protected);
    let slot = Memo::new(move |before: Option<&Slot>| {
        let key = &before.unwrap_or(&first).key;
        column.slots.with(|slots| slots.iter().find(|slot| slot.key == *key).or(before).unwrap_or(&first).clone())
    });
    let entry = move || slot.get_untracked().entry;
    let place = move || slot.with(|slot| slot.place);
    let active = Memo::new(move |_| match column.active.get() {
        (row, cell) if row == place() => cell,
        _ => CELLS,
    });
    let edited = Memo::new(move |_| {
        editing.key.with(|key| key.as_ref().is_some_and(|key| slot.with(|slot| *key == slot.entry.key())))
    });
    let changed_by =
        Signal::derive(move || slot.with(|slot| bench.journal.mark(store, &slot.entry.key()).map(Who::mark)));
    let masked = Memo::new(move |_| slot.with(|slot| slot.entry.value.is_none()));
    let ticked =
        move || column.selected.with(|keys| !keys.is_empty() && slot.with(|slot| keys.contains(&slot.entry.key())));

    // The browser allows no styles in the page's text, only from scripts; so the place of a row in a long column comes late.
    let node = NodeRef::<Tr>::new();
    effect(move || {
        if let Some(row) = node.get() {
            let _ = HtmlElement::style(&row).set_property("--place", &place().to_string());
        }
    });

    let content = move || match (edited.get(), masked.get()) {
        (true, _) => edit(column, entry()),
        (false, true) => view! { <span class="masked" title="Scripts cannot read it">"••••••••"</span> }.into_any(),
        (false, false) => {
            let value = text(move || slot.with(|slot| slot.entry.value.as_deref().map(shortened).unwrap_or_default()));
            view! { <code>{value}</code> }.into_any()
        }
    };
    let said = move |of: fn(&Entry) -> String| text(move || slot.with(|slot| of(&slot.entry)));
    let bytes = said(|entry| thousands(entry.bytes.into()));
    let units = said(|entry| entry.units.map_or("unknown".to_owned(), |units| thousands(units.into())));
    let until = text(move || ends(slot.with(|slot| slot.entry.expires), bench));
    let seen = text(move || slot.with(|slot| seen_by(store, &slot.entry, bench.awake.get())));

    let reached = move |cell: usize| text(move || if active.get() == cell { "0" } else { "-1" }.to_owned());
    // One stop of the Tab key for the grid, and from there the buttons of that row; in their cell they are the stop.
    let in_row = text(move || if active.get() < CELLS { "0" } else { "-1" }.to_owned());
    let fixed =
        move |may: fn(Store, &Entry) -> bool| flag(move || edited.get() || slot.with(|slot| !may(store, &slot.entry)));
    let tick = move |event: MouseEvent| column.tick(slot.get_untracked().place, event.shift_key());
    let named = |verb: &str| format!("{verb} {name}");
    let actions = view! {
        <input
            type="checkbox"
            aria-label=named("Select")
            tabindex=in_row
            hidden=fixed(can_delete)
            prop:checked=flag(ticked)
            on:click=handler(tick)
        />
        <button
            type="button"
            class="quiet"
            aria-label=named("Inspect")
            tabindex=in_row
            on:click=handler(move |_| bench.inspected.set(Some((store, entry().key()))))
        >
            "Inspect"
        </button>
        <button
            type="button"
            class="quiet edit-entry"
            aria-label=named("Edit")
            tabindex=in_row
            hidden=fixed(|_, entry| can_edit(entry))
            on:click=handler(move |_| editing.open(column, &entry(), false))
        >
            "Edit"
        </button>
        {(store == Store::Cookies).then(|| edit_button(column.panels.cookie_form, Signal::derive(move || slot.get().entry), in_row, flag(move || edited.get())))}
        <button
            type="button"
            class="quiet"
            aria-label=named("Delete")
            tabindex=in_row
            hidden=fixed(can_delete)
            on:click=handler(move |_| column.delete(vec![entry()], false))
        >
            "Delete"
        </button>
        {protected.then(|| view! { <span class="hint">"Protected: log out to remove it"</span> })}
    }
    .into_any();
    view! {
        <tr
            node_ref=node
            aria-rowindex=text(move || (place() + 2).to_string())
            class:ticked=flag(ticked)
            data-changed=move || changed_by.get()
        >
            <th scope="row" tabindex=reached(0)>
                {name.clone()}
            </th>
            <td class="value" tabindex=reached(VALUE)>
                {content}
            </td>
            <td class="number" tabindex=reached(2)>
                {bytes}
            </td>
            <td class="number" tabindex=reached(3)>
                {units}
            </td>
            <td tabindex=reached(4)>{until}</td>
            <td tabindex=reached(5)>{seen}</td>
            <td class="row-actions needs-script" tabindex="-1">
                {actions}
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Expires;

    fn places(slots: &[Slot]) -> Vec<usize> {
        slots.iter().map(|slot| slot.place).collect()
    }

    fn shown(names: impl Iterator<Item = String>) -> Shown {
        Shown::all(names.map(|name| Entry::new(name, "", Expires::Never)).collect::<Vec<_>>().into())
    }

    #[test]
    fn the_row_that_the_keyboard_is_in_is_drawn_wherever_it_is() {
        let shown = shown((0..100).map(|place| format!("lab-{place}")));
        assert_eq!(places(&slots(&shown, 50..53, 2)), [2, 50, 51, 52]);
        assert_eq!(places(&slots(&shown, 50..53, 51)), [50, 51, 52]);
        assert_eq!(places(&slots(&shown, 50..53, 99)), [50, 51, 52, 99]);
        assert_eq!(places(&slots(&shown, 50..53, 100)), [50, 51, 52], "it is gone");
    }

    #[test]
    fn rows_of_one_name_are_told_apart() {
        let shown = shown(["a", "a", "a"].into_iter().map(str::to_owned));
        let slots = slots(&shown, 0..3, 0);
        assert!(slots[0].key != slots[1].key && slots[1].key != slots[2].key && slots[0].key != slots[2].key);
    }
}
