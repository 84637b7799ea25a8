//! Names and values in a view, their escapes marked.

use crate::text::{Within, marked};
use leptos::prelude::*;

/// A value in one line.
pub(crate) fn code(value: &str) -> AnyView {
    view! { <code inner_html=marked(value, Within::Line)></code> }.into_any()
}

/// A name.
pub(crate) fn name(name: &str) -> AnyView {
    view! { <bdi inner_html=marked(name, Within::Name)></bdi> }.into_any()
}

/// A part of a value that has lines of its own.
pub(crate) fn lines(part: &str) -> AnyView {
    view! { <span inner_html=marked(part, Within::Lines)></span> }.into_any()
}
