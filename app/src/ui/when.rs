//! A time in a page.

use crate::words::{ago, machine_readable, utc};
use leptos::prelude::*;

/// A time of the past, for people and machines; the exact one shows under the pointer.
pub(crate) fn when(at: i64, now: i64) -> AnyView {
    view! {
        <time datetime=machine_readable(at) title=utc(at)>
            {ago(at, now)}
        </time>
    }
    .into_any()
}
