//! Then something happens: what each store still holds after an event, found with markers that were really there.

use crate::bench::state::Bench;
use leptos::prelude::*;

/// The panel.
pub(in crate::bench) fn panel(_bench: Bench) -> AnyView {
    view! { <p>"In the making."</p> }.into_any()
}
