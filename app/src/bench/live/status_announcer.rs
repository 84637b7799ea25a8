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

/// How long nothing further must have changed before changes of others are told, in milliseconds.
const QUIET_FOR: f64 = 500.0;
/// How long the first of them waits at most, in milliseconds.
const TOLD_WITHIN: f64 = 2_000.0;
/// How long the status line is left to what this tab did, in milliseconds.
const OWN_NEWS_STAYS: f64 = 4_000.0;

/// Follows the bench's changes.
pub(super) fn listen(bench: Bench) {
    let announcer = StatusAnnouncer {
        bench,
        gathered: Stored::new(Vec::new()),
        last: Stored::new(f64::NEG_INFINITY),
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
    /// When the last of them was gathered, in milliseconds by the browser's clock.
    last: Stored<f64>,
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
        if changes.is_empty() {
            return;
        }
        let now = js_sys::Date::now();
        let first = self.gathered.with_value(Vec::is_empty);
        self.gathered.update_value(|gathered| gathered.extend_from_slice(changes));
        self.last.set_value(now);
        if first {
            self.wait(now, QUIET_FOR);
        }
    }

    fn wait(self, begun: f64, milliseconds: f64) {
        Timeout::new(milliseconds.ceil() as u32, move || {
            let (Some(last), Some(other)) = (self.last.try_get_value(), self.other.try_get_value()) else { return };
            let due = (last + QUIET_FOR).min(begun + TOLD_WITHIN).max(other + OWN_NEWS_STAYS);
            match due - js_sys::Date::now() {
                left if left > 0.0 => self.wait(begun, left),
                _ => self.tell(),
            }
        })
        .forget();
    }

    fn tell(self) {
        let mut changes = self.gathered.try_update_value(std::mem::take).unwrap_or_default();
        self.bench.journal.learned(&mut changes);
        if let Some(news) = news(&changes) {
            self.said.set_value(news.clone());
            self.bench.status.set(news);
        }
    }
}
