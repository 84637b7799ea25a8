//! Light, dark or as the system says. The choice is itself an entry of the lab: `lab-theme` in localStorage.

use super::text;
use leptos::prelude::*;

const KEY: &str = "lab-theme";

/// Runs in the document's head, before the first paint, so that a chosen theme does not flash.
pub(crate) const THEME_SCRIPT: &str =
    "try{const t=localStorage.getItem('lab-theme');if(t)document.documentElement.dataset.theme=t}catch{}";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    fn saved() -> Self {
        match area().and_then(|area| area.get_item(KEY).ok().flatten()).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// A browser that refuses storage still shows the theme, until the page is left.
    fn apply(self) {
        let Some(root) = document().document_element() else { return };
        let _ = match self {
            Self::System => root.remove_attribute("data-theme"),
            _ => root.set_attribute("data-theme", self.name()),
        };
        if let Some(area) = area() {
            let _ = match self {
                Self::System => area.remove_item(KEY),
                _ => area.set_item(KEY, self.name()),
            };
        }
    }
}

/// localStorage, unless the browser denies it to this page.
fn area() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The button that goes through system, light and dark.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(Theme::System);
    Effect::new(move || theme.set(Theme::saved()));
    let switch = move |_| {
        theme.update(|theme| *theme = theme.next());
        theme.get_untracked().apply();
    };
    view! {
        <button type="button" class="quiet needs-script" on:click=switch>
            {text(move || format!("Theme: {}", theme.get().name()))}
        </button>
    }
}
