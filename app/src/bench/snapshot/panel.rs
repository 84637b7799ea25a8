//! All that the lab holds as one file: export, import, reset.

use crate::bench::state::Bench;
use leptos::prelude::*;

/// The panel.
pub(in crate::bench) fn panel(_bench: Bench) -> AnyView {
    view! { <p>"In the making."</p> }.into_any()
}
