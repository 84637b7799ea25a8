//! What is said of the columns that can be switched on: how much they hold, and what others keep in the same stores.

use crate::{
    bench::{optional::Look, state::Bench},
    browser::{Entry, Store, optional::StorageEstimate},
    ui::{flag, text, thousands},
};
use leptos::prelude::*;

/// How much the entries take, and how much the store by the browser's own count.
pub(super) fn used(bench: Bench, store: Store) -> AnyView {
    let used = Memo::new(move |_| {
        let entries = bench.entries(store).get();
        (entries.len() as u64, entries.iter().map(|entry: &Entry| u64::from(entry.bytes)).sum::<u64>())
    });
    let room = Memo::new(move |_| match bench.look_at(store) {
        Look::Read { estimate, .. } => estimate,
        _ => None,
    });
    let words = move || match bench.look_at(store) {
        Look::Reading => "Reading…".to_owned(),
        Look::Failed(_) => "Not measured.".to_owned(),
        Look::Read { .. } => {
            let (count, bytes) = used.get();
            told(store, count, bytes, room.get())
        }
    };
    view! {
        <div class="used">
            <meter
                min="0"
                max=text(move || room.get().map_or(1, |room| room.quota).to_string())
                value=text(move || used.get().1.to_string())
                hidden=flag(move || room.get().is_none())
                aria-label=format!("{} used", store.title())
            ></meter>
            <p>{text(words)}</p>
        </div>
    }
    .into_any()
}

fn told(store: Store, count: u64, bytes: u64, room: Option<StorageEstimate>) -> String {
    let entries = if count == 1 { "1 entry".to_owned() } else { format!("{} entries", thousands(count)) };
    let mut told = format!("{} bytes in {entries}", thousands(bytes));
    if let (Store::Address, Some(StorageEstimate { used: Some(used), quota })) = (store, room) {
        return format!(
            "{told}; the query takes {} bytes of the {} that every server should take (RFC 9110 §4.1)",
            thousands(used),
            thousands(quota)
        );
    }
    if let Some(StorageEstimate { used, quota }) = room {
        if let Some(used) = used {
            told += &format!("; this browser counts {} bytes of {}", thousands(used), store.title());
        }
        told += &format!("; all stores together may take {} bytes", thousands(quota));
    }
    told
}

/// What else of this origin is in such a store. It is shown, never changed.
pub(super) fn others(bench: Bench, store: Store) -> AnyView {
    let others = Memo::new(move |_| match bench.look_at(store) {
        Look::Read { others, .. } => others,
        _ => Vec::new(),
    });
    let id = format!("{}-others", store.slug());
    view! {
        <div class="others" hidden=flag(move || others.with(Vec::is_empty))>
            <p id=id.clone()>"Also of this origin, and left alone here:"</p>
            <ul aria-labelledby=id>
                {move || others.get().into_iter().map(|other| view! { <li>{other}</li> }).collect_view()}
            </ul>
        </div>
    }
    .into_any()
}

/// What is said in the place of entries.
pub(super) fn nothing(bench: Bench, store: Store) -> String {
    match bench.look_at(store) {
        Look::Reading => "Reading…".to_owned(),
        Look::Read { .. } => "Nothing here yet.".to_owned(),
        Look::Failed(trouble) => trouble.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_own_count_is_told_where_there_is_one() {
        let told = |room| told(Store::Opfs, 1, 1_234, room);
        assert_eq!(told(None), "1,234 bytes in 1 entry");
        assert_eq!(
            told(Some(StorageEstimate { used: None, quota: 10_000 })),
            "1,234 bytes in 1 entry; all stores together may take 10,000 bytes"
        );
        assert_eq!(
            told(Some(StorageEstimate { used: Some(2_000), quota: 10_000 })),
            "1,234 bytes in 1 entry; this browser counts 2,000 bytes of OPFS; all stores together may take 10,000 bytes"
        );
    }
}
