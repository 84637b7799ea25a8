//! The form that puts one value into all four stores.

use super::{
    edits::{self, Deposit},
    state::Bench,
};
use crate::{
    browser::{bytes, lab_name, units},
    reactive::{State, Stored},
    text::{told, units::kept},
    ui::{aria, effect, error_text, handler, text},
    words::thousands,
};
use leptos::{
    ev::{FocusEvent, SubmitEvent},
    prelude::*,
    task::spawn_local,
};

/// What is typed into the form. It lives as long as the app, in memory only, so that it survives the way over the log-in
/// page and back.
#[derive(Clone, Copy)]
pub(crate) struct Typed {
    name: State<String>,
    value: State<String>,
    /// Who was logged in last when the form was shown.
    by: Stored<Option<String>>,
}

impl Typed {
    /// Puts it into context.
    pub fn provide() {
        let (name, value) = (State::new(String::new()), State::new(String::new()));
        provide_context(Self { name, value, by: Stored::new(None) });
    }

    /// Empties it when it comes from somebody else, who used this tab before.
    fn hand_to(self, user: Option<String>) {
        if user.is_none() {
            return;
        }
        let before = self.by.get_value();
        if before.is_some() && before != user {
            self.name.set(String::new());
            self.value.set(String::new());
        }
        self.by.set_value(user);
    }
}

/// The form "Put a value". Each store judges for itself; what one refuses is explained at the field it is about, and
/// what was typed stays.
pub(super) fn deposit(bench: Bench) -> AnyView {
    let typed = expect_context::<Typed>();
    effect(move || typed.hand_to(bench.username()));
    let Typed { name, value, .. } = typed;
    let form = Deposit { name, value, refused: State::new(Vec::new()) };
    let busy = State::new(false);

    // What writes is there by the time that something is typed; where it does not come, the form says so when it is sent.
    let fetch_ahead = |_: FocusEvent| spawn_local(async { drop(edits::fetch().await) });
    let put_in_all = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            bench.deposit(form).await;
            busy.set(false);
        });
    };

    let error_about = move |about_name: bool| {
        text(move || {
            let mut lines = String::new();
            for refused in form.refused.read().iter().filter(|refused| refused.about_name == about_name) {
                if !lines.is_empty() {
                    lines.push('\n');
                }
                lines.push_str(&refused.words);
            }
            lines
        })
    };
    let (name_error, value_error) = (error_about(true), error_about(false));
    let becomes = text(move || {
        let full = lab_name(&name.read());
        if full.is_empty() {
            "The lab puts lab- before it.".to_owned()
        } else {
            format!("It will be called {}.", told(&kept(full)))
        }
    });
    let size = text(move || {
        let value = value.read();
        format!("{} bytes, {} UTF-16 units", thousands(bytes(&value).into()), thousands(units(&value).into()))
    });

    view! {
        <form
            class="card deposit needs-script"
            aria-labelledby="deposit-heading"
            on:focusin=handler(fetch_ahead)
            on:submit=handler(put_in_all)
            novalidate
        >
            <h2 id="deposit-heading">"Put a value"</h2>
            <div class="field">
                <label for="deposit-name">"Name"</label>
                <input
                    id="deposit-name"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby="deposit-name-hint deposit-name-error"
                    aria-invalid=aria(move || !name_error.read().is_empty())
                    prop:value=name.text()
                    on:input=name.typed()
                />
                <p class="hint" id="deposit-name-hint">
                    {becomes}
                </p>
                {error_text("deposit-name-error".into(), name_error)}
            </div>
            <div class="field">
                <label for="deposit-value">"Value"</label>
                <input
                    id="deposit-value"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby="deposit-value-hint deposit-value-error"
                    aria-invalid=aria(move || !value_error.read().is_empty())
                    prop:value=value.text()
                    on:input=value.typed()
                />
                <p class="hint" id="deposit-value-hint">
                    {size}
                </p>
                {error_text("deposit-value-error".into(), value_error)}
            </div>
            <button type="submit" class="primary" disabled=busy.flag() aria-busy=aria(move || busy.get())>
                "Put in all four"
            </button>
        </form>
    }
    .into_any()
}
