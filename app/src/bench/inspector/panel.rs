//! One entry in full: its lanes, its value taken apart, its attributes.

use crate::bench::state::Bench;
use leptos::prelude::*;

/// The panel.
pub(in crate::bench) fn panel(_bench: Bench) -> AnyView {
    view! { <p>"In the making."</p> }.into_any()
}
