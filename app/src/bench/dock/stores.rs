//! The stores of the app's page but its cookies: what they hold, and writing over nothing but what an edit began with.

use super::port::{ask, items, text, units};
use crate::{
    browser::{
        Draft, Entry, Expires, Refusal, Store, is_probe,
        optional::{Found, Trouble},
    },
    json::Value,
};
use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};
use wasm_bindgen::JsValue;

/// The stores that every app's page has.
pub(super) const ALWAYS: [Store; 3] = [Store::Cookies, Store::SessionStorage, Store::LocalStorage];
/// Those that have a column once they hold something: most apps use none of them.
pub(super) const ONCE_USED: [Store; 3] = [Store::IndexedDb, Store::CacheStorage, Store::Opfs];

thread_local! {
    /// The stores that the browser denies the page's scripts, as of the last look.
    static DENIED: RefCell<HashSet<Store>> = RefCell::default();
    /// What each held as of the last look.
    static HELD: RefCell<HashMap<Store, Vec<Entry>>> = RefCell::default();
}

/// Whether the browser denies the page's scripts a store, as of the last look.
pub(super) fn denied(store: Store) -> bool {
    DENIED.with_borrow(|denied| denied.contains(&store))
}

/// What a store holds.
pub(super) async fn list(store: Store) -> Result<Found, Trouble> {
    let listed = ask("list", &[("store", store.slug().into())]).await;
    DENIED.with_borrow_mut(|denied| match &listed {
        Err(Trouble::Denied | Trouble::Absent) => denied.insert(store),
        _ => denied.remove(&store),
    });
    // A page that does not answer now has not lost what it keeps.
    if let Err(Trouble::Failed(_)) = &listed
        && let Some(entries) = HELD.with_borrow(|held| held.get(&store).cloned())
    {
        return Ok(Found { entries, ..Found::default() });
    }
    let listed = listed?;
    let expires = if store == Store::SessionStorage { Expires::TabClose } else { Expires::Never };
    let entry = |pair: &JsValue| {
        let pair = items(pair);
        let name = text(pair.first()?).filter(|name| !is_probe(name))?;
        Some(Entry::new(name, text(pair.get(1)?)?, expires))
    };
    let mut entries: Vec<_> = items(&listed.get("entries")).iter().filter_map(entry).collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    HELD.with_borrow_mut(|held| held.insert(store, entries.clone()));
    let others = items(&listed.get("others")).iter().filter_map(text).collect();
    Ok(Found { entries, others, estimate: None })
}

/// Does what an edit says.
pub(super) async fn write(store: Store, before: Option<&Draft>, after: Option<&Draft>) -> Result<(), Refusal> {
    let Some(draft) = after.or(before) else { return Ok(()) };
    // Files, cached answers and names of databases are Unicode text.
    if !matches!(store, Store::SessionStorage | Store::LocalStorage | Store::IndexedDb) {
        draft.check_unicode()?;
    }
    let value = |draft: Option<&Draft>| draft.map_or(JsValue::NULL, |draft| units(&draft.value));
    let fields = [
        ("store", store.slug().into()),
        ("name", units(&draft.name)),
        ("expected", value(before)),
        ("after", value(after)),
    ];
    ask("write", &fields).await.map(drop).map_err(|trouble| match trouble {
        Trouble::NoRoom if matches!(store, Store::SessionStorage | Store::LocalStorage) => {
            Refusal::AreaFull(crate::browser::units(&draft.name) + crate::browser::units(&draft.value))
        }
        trouble => Refusal::Trouble(trouble),
    })
}
