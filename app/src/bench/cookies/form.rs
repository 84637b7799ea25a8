//! The form for a cookie with every attribute.

use crate::bench::state::Bench;
use leptos::prelude::*;

/// The form; it sets `bench.part` back to `None` when it is done.
pub(in crate::bench) fn form(_bench: Bench) -> AnyView {
    view! { <p>"In the making."</p> }.into_any()
}
