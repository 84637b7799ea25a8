//! How much a store holds.

use crate::{
    bench::{optional::Look, state::Bench, tools::Panels},
    browser::{COOKIE_LIMIT_BYTES, Store, WEB_STORAGE_LIMIT_UNITS},
    sessions::SESSION_LIMIT_BYTES,
    words::thousands,
};

/// How much of a store is used, from its entries now, against the limit that was measured in this browser or that the
/// textbooks give.
pub(super) struct Used {
    pub amount: u64,
    /// `None` where nobody tells one.
    pub limit: Option<u64>,
    /// `18 of 65,536 bytes`
    pub words: String,
}

impl Used {
    fn nothing(words: &str) -> Self {
        Self { amount: 0, limit: None, words: words.to_owned() }
    }
}

/// Whether only scripts could read it, and none has run yet.
pub(super) fn is_unread(bench: Bench, store: Store) -> bool {
    !bench.awake.get() && matches!(store, Store::SessionStorage | Store::LocalStorage)
}

pub(super) fn used(panels: Panels, store: Store) -> Used {
    let bench = panels.bench;
    if Store::OPTIONAL.contains(&store) {
        return optional(bench, store);
    }
    if is_unread(bench, store) {
        return Used::nothing("Only scripts can read it");
    }
    if bench.is_denied(store) {
        return Used::nothing("Not readable here");
    }
    let measured = panels.measuring.limits.with(|limits| limits.as_ref().and_then(|limits| limits.of(store)));
    let limit = measured.unwrap_or(match store {
        Store::Cookies => COOKIE_LIMIT_BYTES,
        Store::ServerSession => SESSION_LIMIT_BYTES,
        _ => WEB_STORAGE_LIMIT_UNITS,
    });
    let entries = bench.entries(store).get();
    let amount: u32 = match store {
        Store::Cookies => entries.iter().map(|entry| entry.bytes).max().unwrap_or(0),
        Store::ServerSession => entries.iter().map(|entry| entry.bytes).sum(),
        _ => entries.iter().filter_map(|entry| entry.units).sum(),
    };
    let (before, unit) = match store {
        Store::Cookies => ("Largest cookie ", "bytes"),
        Store::ServerSession => ("", "bytes"),
        _ => ("", "UTF-16 units"),
    };
    let words = format!("{before}{} of {} {unit}", thousands(amount.into()), thousands(limit.into()));
    Used { amount: amount.into(), limit: Some(limit.into()), words }
}

fn optional(bench: Bench, store: Store) -> Used {
    match bench.look_at(store) {
        Look::Reading => Used::nothing("Reading…"),
        Look::Failed(_) => Used::nothing("Not readable here"),
        Look::Read { estimate, .. } => {
            let entries = bench.entries(store).get();
            let amount = entries.iter().map(|entry| u64::from(entry.bytes)).sum();
            let words = match entries.len() as u64 {
                1 => format!("{} bytes in 1 entry", thousands(amount)),
                count => format!("{} bytes in {} entries", thousands(amount), thousands(count)),
            };
            Used { amount, limit: estimate.map(|estimate| estimate.quota), words }
        }
    }
}
