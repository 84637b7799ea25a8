//! How much a store holds.

use crate::{
    bench::{optional::Look, state::Bench, tools::Panels},
    browser::{COOKIE_LIMIT_BYTES, Refusal, Store, WEB_STORAGE_LIMIT_UNITS, optional::StorageEstimate},
    sessions::SESSION_LIMIT_BYTES,
    words::{date, thousands},
};

/// How much of a store is used, from its entries now, against the limit that was measured in this browser or that the
/// textbooks give.
pub(super) struct Used {
    pub amount: u64,
    /// `None` where nobody tells one.
    pub limit: Option<u64>,
    /// `18 of 65,536 bytes`
    pub words: String,
    /// The same in a sentence, with where the limit comes from.
    pub sentence: String,
    /// Whether the limit can be measured here and was not yet.
    pub can_measure: bool,
}

pub(super) fn used(panels: Panels, store: Store) -> Used {
    let bench = panels.bench;
    if Store::OPTIONAL.contains(&store) {
        return optional(bench, store);
    }
    let unread = !bench.awake.get() && matches!(store, Store::SessionStorage | Store::LocalStorage);
    if unread || bench.is_denied(store) {
        let (words, sentence) = match unread {
            true => ("Only scripts can read it", "Only scripts can measure this store.".to_owned()),
            false => ("Not readable here", Refusal::Denied.explain()),
        };
        let words = words.to_owned();
        return Used { amount: 0, limit: None, words, sentence, can_measure: false };
    }
    let measured =
        panels.measuring.limits.with(|limits| limits.as_ref().and_then(|limits| Some((limits.of(store)?, limits.at))));
    let textbook = match store {
        Store::Cookies => COOKIE_LIMIT_BYTES,
        Store::ServerSession => SESSION_LIMIT_BYTES,
        _ => WEB_STORAGE_LIMIT_UNITS,
    };
    let limit = measured.map_or(textbook, |(limit, _)| limit);
    let entries = bench.entries(store).get();
    let amount: u32 = match store {
        Store::Cookies => entries.iter().map(|entry| entry.bytes).max().unwrap_or(0),
        Store::ServerSession => entries.iter().map(|entry| entry.bytes).sum(),
        _ => entries.iter().filter_map(|entry| entry.units).sum(),
    };
    let share = format!("{} of {}", thousands(amount.into()), thousands(limit.into()));
    let by = measured.map_or("the textbook limit".to_owned(), |(_, at)| format!("measured here on {}", date(at)));
    let (words, sentence) = match store {
        Store::Cookies => {
            let total: u32 = entries.iter().map(|entry| entry.bytes).sum();
            let words = format!("Largest cookie {share} bytes");
            let sentence = format!("{words}, {by}; all together {} bytes.", thousands(total.into()));
            (words, sentence)
        }
        Store::ServerSession => (format!("{share} bytes"), format!("{share} bytes, this server's limit.")),
        _ => (format!("{share} UTF-16 units"), format!("{share} UTF-16 units, {by}.")),
    };
    let can_measure = store != Store::ServerSession && measured.is_none();
    Used { amount: amount.into(), limit: Some(limit.into()), words, sentence, can_measure }
}

fn optional(bench: Bench, store: Store) -> Used {
    let entries = bench.entries(store).get();
    let amount = entries.iter().map(|entry| u64::from(entry.bytes)).sum();
    let (limit, words, sentence) = match bench.look_at(store) {
        Look::Reading => (None, "Reading…".to_owned(), "Reading…".to_owned()),
        Look::Failed(trouble) => (None, "Not readable here".to_owned(), trouble.to_string()),
        Look::Read { estimate, .. } => {
            let count = entries.len() as u64;
            let words = match count {
                1 => format!("{} bytes in 1 entry", thousands(amount)),
                count => format!("{} bytes in {} entries", thousands(amount), thousands(count)),
            };
            let sentence = told(store, &words, estimate);
            (estimate.map(|estimate| estimate.quota), words, sentence)
        }
    };
    Used { amount, limit, words, sentence, can_measure: false }
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
