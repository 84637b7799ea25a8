//! Says in the status line what others changed. What comes in a burst is said together, and this tab's own news is left time
//! to be read.

use crate::{
    bench::{
        journal::{Change, news},
        state::Bench,
        stream::News,
    },
    reactive::Stored,
    ui::effect,
};
use gloo_timers::callback::Timeout;

/// How long changes of others are gathered before they are announced, in milliseconds.
const TOLD_AFTER: u32 = 500;
/// How long the status line is left to what this tab did, in milliseconds.
const OWN_NEWS_STAYS: u32 = 4_000;

/// Follows the bench's changes.
pub(super) fn listen(bench: Bench) {
    let announcer = StatusAnnouncer {
        bench,
        gathered: Stored::new(Vec::new()),
        said: Stored::new(String::new()),
        other: Stored::new(f64::NEG_INFINITY),
    };
    announcer.watch();
    bench.stream.follow(move |news| {
        if let News::Changed(changes) = news {
            announcer.gather(changes);
        }
    });
}

#[derive(Clone, Copy)]
struct StatusAnnouncer {
    bench: Bench,
    gathered: Stored<Vec<Change>>,
    said: Stored<String>,
    /// When the status line last told of something else, in milliseconds by the browser's clock.
    other: Stored<f64>,
}

impl StatusAnnouncer {
    /// Notes when the status line tells of something else.
    fn watch(self) {
        let begun = Stored::new(false);
        effect(move || {
            let status = self.bench.status.read();
            if begun.get_value() && self.said.with_value(|said| *said != *status) {
                self.other.set_value(js_sys::Date::now());
            }
            begun.set_value(true);
        });
    }

    /// Gathers changes to be told.
    fn gather(self, changes: &[Change]) {
        let first = self.gathered.with_value(Vec::is_empty);
        self.gathered.update_value(|gathered| gathered.extend_from_slice(changes));
        if first && self.gathered.with_value(|gathered| !gathered.is_empty()) {
            self.tell_in(TOLD_AFTER);
        }
    }

    fn tell_in(self, milliseconds: u32) {
        Timeout::new(milliseconds, move || {
            let Some(other) = self.other.try_get_value() else { return };
            let wait = other + f64::from(OWN_NEWS_STAYS) - js_sys::Date::now();
            if wait > 0.0 {
                return self.tell_in(wait as u32 + 1);
            }
            let changes = self.gathered.try_update_value(std::mem::take).unwrap_or_default();
            if let Some(news) = news(&changes) {
                self.said.set_value(news.clone());
                self.bench.status.set(news);
            }
        })
        .forget();
    }
}
