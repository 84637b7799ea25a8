//! The journal as a person reads it.

use crate::bench::state::Bench;
use leptos::prelude::*;

/// The panel.
pub(in crate::bench) fn panel(_bench: Bench) -> AnyView {
    view! { <p>"Nothing has changed yet."</p> }.into_any()
}
