//! What a tool cannot reach, said before it is used.

use crate::{
    bench::state::Bench,
    browser::Store,
    ui::{flag, text},
};
use leptos::prelude::*;

/// The stores that the browser denies this page's scripts; nothing where there are none.
pub(super) fn out_of_reach(bench: Bench) -> AnyView {
    let words = text(move || told(Store::ALL.into_iter().filter(|store| bench.is_denied(*store))));
    view! {
        <p class="note" hidden=flag(move || words.read().is_empty())>
            {words}
        </p>
    }
    .into_any()
}

fn told(denied: impl Iterator<Item = Store>) -> String {
    let denied: Vec<_> = denied.map(Store::title).collect();
    if denied.is_empty() {
        return String::new();
    }
    format!(
        "Out of reach here: {}. The browser denies them to scripts of this page; what they hold is left out. Check its settings \
         for this site.",
        denied.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stores_that_are_denied_are_named() {
        assert_eq!(told([].into_iter()), "");
        let told = told([Store::Cookies, Store::LocalStorage].into_iter());
        assert!(told.starts_with("Out of reach here: Cookies, localStorage. "), "{told}");
    }
}
