//! An entry's facts in words.

use crate::{
    bench::{
        model::{Entry, Expires, Store},
        state::Bench,
    },
    ui::{in_words, thousands, utc},
};

/// What scripts cannot see they cannot delete; the server's own values it deletes on request.
pub(in crate::bench) fn in_reach(store: Store, entry: &Entry) -> bool {
    store == Store::ServerSession || entry.seen_by_scripts
}

/// Values longer than a few lines are shown by their beginning; a table is no place for five megabytes.
pub(in crate::bench) fn shortened(value: &str) -> String {
    const SHOWN: usize = 300;
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes in all)", &value[..end], thousands(value.len() as u64)),
        None => value.to_owned(),
    }
}

pub(in crate::bench) fn ends(expires: Expires, bench: Bench) -> String {
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

pub(in crate::bench) fn seen_by(store: Store, entry: &Entry, awake: bool) -> &'static str {
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
