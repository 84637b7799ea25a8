//! The form that puts one value into all four stores.

use super::{edits, state::Bench};
use crate::{
    browser::{Draft, Refusal, Store, bytes, lab_name, units},
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
    let refusals = State::new(Vec::<(Store, Refusal)>::new());
    let busy = State::new(false);

    // What writes is there by the time that something is typed; where it does not come, the form says so when it is sent.
    let fetch_ahead = |_: FocusEvent| spawn_local(async { drop(edits::fetch().await) });
    let put_in_all = move |event: SubmitEvent| {
        event.prevent_default();
        let draft = Draft::new(kept(lab_name(&name.read_untracked())), kept(value.get_untracked()));
        if draft.name.is_empty() {
            return refusals.set(vec![(Store::Cookies, Refusal::NoName)]);
        }
        busy.set(true);
        let typed = move || (name.get_untracked(), value.get_untracked());
        let sent = typed();
        spawn_local(async move {
            let stores = bench.columns.get_untracked();
            let edits = stores.iter().map(|store| bench.putting(*store, draft.clone())).collect();
            let all =
                if stores.len() == 4 { "all four stores".to_owned() } else { format!("all {} stores", stores.len()) };
            let refused = bench.act(format!("Put {} in {all}.", told(&draft.name)), edits).await;
            let refused: Vec<_> = refused.into_iter().map(|(edit, refusal)| (edit.store, refusal)).collect();
            let kept = stores.len() - refused.len();
            if kept == 0 {
                bench.status.set(format!("No store took {}.", told(&draft.name)));
            } else if !refused.is_empty() {
                let all = if stores.len() == 4 { "four".to_owned() } else { stores.len().to_string() };
                bench.status.set(format!(
                    "{kept} of {all} stores took {}; the form says why the others did not.",
                    told(&draft.name)
                ));
            }
            // What was typed meanwhile is the next value.
            if refused.is_empty() && typed() == sent {
                name.set(String::new());
                value.set(String::new());
            }
            refusals.set(refused);
            busy.set(false);
        });
    };

    let error_about = move |about_name: bool| {
        text(move || {
            let refusals = refusals.read();
            let mut lines =
                refusals.iter().filter(|(_, refusal)| refusal.is_about_name() == about_name).map(|(store, refusal)| {
                    match refusal {
                        Refusal::NoName => refusal.explain(),
                        refusal => format!("{}: {}", store.title(), refusal.explain()),
                    }
                });
            let first = lines.next().unwrap_or_default();
            lines.fold(first, |all, line| format!("{all}\n{line}"))
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
