//! An entry's facts in words.

use crate::{
    bench::state::Bench,
    browser::{Entry, Expires, Store, bytes, is_within_reach},
    words::{in_words, thousands},
};

/// What scripts cannot see they cannot delete; the server deletes its own values on request, and cookies of the lab or of the app
/// whose page it is.
pub(in crate::bench) fn in_reach(store: Store, entry: &Entry) -> bool {
    store == Store::ServerSession || entry.seen_by_scripts || is_within_reach(&entry.name)
}

/// Values longer than a few lines are shown by their beginning; a table is no place for five megabytes.
pub(in crate::bench) fn shortened(value: &str) -> String {
    const SHOWN: usize = 300;
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes in all)", &value[..end], thousands(bytes(value).into())),
        None => value.to_owned(),
    }
}

/// Clocks that differ by more seconds than this are told of.
const CLOCKS_AGREE: i64 = 5;

/// In seconds; the calendar's, on the average.
const YEAR: i64 = 31_556_952;

/// When an entry ends, by the clock that decides it.
pub(in crate::bench) fn ends(store: Store, entry: &Entry, bench: Bench) -> String {
    match entry.expires {
        Expires::BrowserSession => "with the browser session".into(),
        Expires::TabClose => "with the tab".into(),
        Expires::Never => "never".into(),
        Expires::Navigation => "with the next navigation".into(),
        Expires::Unknown => "not told to scripts".into(),
        Expires::At(second) => {
            let left = second - bench.clock(store, entry);
            let when = match left / YEAR {
                ..2 => format!("in {}", in_words(left)),
                years => format!("in about {years} years"),
            };
            let ahead = bench.server_ahead.get();
            if ahead.abs() > CLOCKS_AGREE {
                format!("{when} {}", by_whose_clock(entry.is_by_server(store), ahead))
            } else {
                when
            }
        }
    }
}

/// `by this browser's clock, 1 h behind the server's`
fn by_whose_clock(by_server: bool, ahead: i64) -> String {
    let apart = in_words(ahead.abs());
    let how = if (ahead > 0) == by_server { "ahead of" } else { "behind" };
    match by_server {
        true => format!("by the server's clock, {apart} {how} this browser's"),
        false => format!("by this browser's clock, {apart} {how} the server's"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_whose_clock_decides_and_how_it_differs() {
        assert_eq!(by_whose_clock(false, 3_600), "by this browser's clock, 1 h behind the server's");
        assert_eq!(by_whose_clock(false, -3_600), "by this browser's clock, 1 h ahead of the server's");
        assert_eq!(by_whose_clock(true, 60), "by the server's clock, 1 min ahead of this browser's");
        assert_eq!(by_whose_clock(true, -60), "by the server's clock, 1 min behind this browser's");
    }
}
