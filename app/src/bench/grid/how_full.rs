//! How full a store is, in a sentence, with where its limit comes from.

use super::used::{is_unread, used};
use crate::{
    bench::{optional::Look, tools::Panels},
    browser::{Refusal, Store, optional::StorageEstimate},
    words::{date, thousands},
};

/// The sentence of the column's menu.
pub(super) fn sentence(panels: Panels, store: Store) -> String {
    let bench = panels.bench;
    let words = used(panels, store).words;
    if Store::OPTIONAL.contains(&store) {
        return match bench.look_at(store) {
            Look::Reading => words,
            Look::Failed(trouble) => trouble.to_string(),
            Look::Read { estimate, .. } => told(store, &words, estimate),
        };
    }
    if is_unread(bench, store) {
        return "Only scripts can measure this store.".to_owned();
    }
    if bench.is_denied(store) {
        return Refusal::Denied.explain();
    }
    let measured_at =
        panels.measuring.limits.with(|limits| limits.as_ref().and_then(|limits| limits.of(store).map(|_| limits.at)));
    let by = measured_at.map_or("the textbook limit".to_owned(), |at| format!("measured here on {}", date(at)));
    match store {
        Store::Cookies => {
            let total: u32 = bench.entries(store).get().iter().map(|entry| entry.bytes).sum();
            format!("{words}, {by}; all together {} bytes.", thousands(total.into()))
        }
        Store::ServerSession => format!("{words}, this server's limit."),
        _ => format!("{words}, {by}."),
    }
}

/// Whether the limit can be measured here and was not yet.
pub(super) fn can_measure(panels: Panels, store: Store) -> bool {
    let is_measured =
        panels.measuring.limits.with(|limits| limits.as_ref().is_some_and(|limits| limits.of(store).is_some()));
    let is_read = !is_unread(panels.bench, store) && !panels.bench.is_denied(store);
    matches!(store, Store::Cookies | Store::SessionStorage | Store::LocalStorage) && is_read && !is_measured
}

fn told(store: Store, words: &str, estimate: Option<StorageEstimate>) -> String {
    let mut told = words.to_owned();
    if let (Store::Address, Some(StorageEstimate { used: Some(used), quota })) = (store, estimate) {
        return format!(
            "{told}; the query takes {} bytes of the {} that every server should take (RFC 9110 §4.1).",
            thousands(used),
            thousands(quota)
        );
    }
    if let Some(StorageEstimate { used, quota }) = estimate {
        if let Some(used) = used {
            told += &format!("; this browser counts {} bytes of {}", thousands(used), store.title());
        }
        told += &format!("; all stores together may take {} bytes", thousands(quota));
    }
    told + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_own_count_is_told_where_there_is_one() {
        let told = |estimate| told(Store::Opfs, "1,234 bytes in 1 entry", estimate);
        assert_eq!(told(None), "1,234 bytes in 1 entry.");
        assert_eq!(
            told(Some(StorageEstimate { used: None, quota: 10_000 })),
            "1,234 bytes in 1 entry; all stores together may take 10,000 bytes."
        );
        assert_eq!(
            told(Some(StorageEstimate { used: Some(2_000), quota: 10_000 })),
            "1,234 bytes in 1 entry; this browser counts 2,000 bytes of OPFS; all stores together may take 10,000 bytes."
        );
    }
}
