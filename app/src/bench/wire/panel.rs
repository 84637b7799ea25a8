//! What travelled: the requests of this page as the server received them, and its answers.

use crate::bench::state::Bench;
use leptos::prelude::*;

/// The panel.
pub(in crate::bench) fn panel(_bench: Bench) -> AnyView {
    view! { <p>"In the making."</p> }.into_any()
}
