//! Randomness of the browser's own.

use leptos::prelude::window;

/// Eight random bytes; `None` where the browser has none to give.
pub(crate) fn random() -> Option<[u8; 8]> {
    let mut bytes = [0; 8];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}
