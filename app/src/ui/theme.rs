//! Light, dark or as the system says. The choice is itself an entry of the lab: `lab-theme` in localStorage.

use super::{effect, handler, text};
use crate::reactive::State;
use leptos::prelude::*;

/// `shell/theme.js` reads it before the first paint.
const KEY: &str = "lab-theme";

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

    fn show(self) {
        let Some(root) = document().document_element() else { return };
        let _ = match self {
            Self::System => root.remove_attribute("data-theme"),
            _ => root.set_attribute("data-theme", self.name()),
        };
    }

    /// A browser that refuses storage still shows the theme, until the page is left.
    fn save(self) {
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

/// The theme that the page shows.
#[derive(Clone, Copy)]
pub(crate) struct ThemeChoice(State<Theme>);

impl ThemeChoice {
    /// Puts it into context.
    pub fn provide() {
        provide_context(Self(State::new(Theme::System)));
    }

    /// Shows what is saved now.
    pub fn read_again(self) {
        let saved = Theme::saved();
        if saved != self.0.get_untracked() {
            self.0.set(saved);
            saved.show();
        }
    }

    fn switch(self) {
        self.0.update(|theme| *theme = theme.next());
        let theme = self.0.get_untracked();
        theme.show();
        theme.save();
    }
}

/// The button that goes through system, light and dark.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let choice = expect_context::<ThemeChoice>();
    effect(move || choice.read_again());
    view! {
        <button type="button" class="quiet needs-script" on:click=handler(move |_| choice.switch())>
            {text(move || format!("Theme: {}", choice.0.get().name()))}
        </button>
    }
}
