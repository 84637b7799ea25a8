//! The textbook's comparison of the stores beside what was measured here.

use crate::bench::state::Bench;
use leptos::prelude::*;

/// The panel.
pub(in crate::bench) fn panel(_bench: Bench) -> AnyView {
    view! { <p>"In the making."</p> }.into_any()
}
