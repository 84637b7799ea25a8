//! Moving the keyboard's focus.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Moves the focus once the page has changed; the text of an input is selected.
pub(crate) fn focus(id: String) {
    request_animation_frame(move || {
        focus_now(&format!("#{id}"));
    });
}

/// Moves the focus at once, so that the next key is pressed there; the text of an input is selected. Returns whether
/// there is an element that could take it.
pub(crate) fn focus_now(selector: &str) -> bool {
    let element = document().query_selector(selector).ok().flatten();
    let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return false;
    };
    let _ = element.focus();
    if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
        input.select();
    }
    document().active_element().as_ref() == Some(&element)
}
