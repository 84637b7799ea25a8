//! An entry's facts in words.

use crate::{
    bench::state::Bench,
    browser::{Entry, Expires, Store, bytes, is_lab_name},
    words::{in_words, thousands, utc},
};

/// What scripts cannot see they cannot delete; the server deletes its own values on request, and cookies of the lab.
pub(in crate::bench) fn in_reach(store: Store, entry: &Entry) -> bool {
    store == Store::ServerSession || entry.seen_by_scripts || is_lab_name(&entry.name)
}

/// Values longer than a few lines are shown by their beginning; a table is no place for five megabytes.
pub(in crate::bench) fn shortened(value: &str) -> String {
    const SHOWN: usize = 300;
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes in all)", &value[..end], thousands(bytes(value).into())),
        None => value.to_owned(),
    }
}

pub(in crate::bench) fn ends(expires: Expires, bench: Bench) -> String {
    match expires {
        Expires::BrowserSession => "with the browser session".into(),
        Expires::TabClose => "with the tab".into(),
        Expires::Never => "never".into(),
        Expires::Navigation => "with the next navigation".into(),
        Expires::Unknown => "not told to scripts".into(),
        Expires::At(second) => {
            let left = second - bench.now();
            if left > 400 * 86_400 { utc(second) } else { format!("in {}", in_words(left)) }
        }
    }
}
