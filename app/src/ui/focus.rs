//! Moving the keyboard's focus.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Moves the focus once the page has changed; the text of an input is selected.
pub(crate) fn focus(id: String) {
    request_animation_frame(move || {
        let Some(element) = document().get_element_by_id(&id) else { return };
        if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
            let _ = element.focus();
        }
        if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
            input.select();
        }
    });
}
