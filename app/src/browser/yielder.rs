//! Long work in short pieces, so that the page stays quick in between.

use gloo_timers::future::TimeoutFuture;

/// How long a piece may take, in milliseconds.
const LONGEST: f64 = 12.0;
/// The clock is looked at once in so many steps.
const STEPS: u32 = 32;
/// More things than this are many.
const MANY: u32 = 500;

/// Work that is interrupted when it has taken long enough.
pub(crate) struct Yielder {
    since: f64,
    steps: u32,
}

impl Yielder {
    pub fn begin() -> Self {
        Self { since: js_sys::Date::now(), steps: 0 }
    }

    /// After a step: goes on at once, or lets the browser do something else first.
    pub async fn pause(&mut self) {
        self.steps += 1;
        if self.steps.is_multiple_of(STEPS) && js_sys::Date::now() - self.since > LONGEST {
            self.rest().await;
        }
    }

    /// Before so many things that cannot be interrupted: lets the browser do something else first if they are many.
    pub async fn pause_before(&mut self, count: u32) {
        if count > MANY {
            self.rest().await;
        }
    }

    async fn rest(&mut self) {
        TimeoutFuture::new(0).await;
        self.since = js_sys::Date::now();
    }
}
